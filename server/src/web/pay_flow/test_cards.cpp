#include "web/pay_flow/test_cards.h"

#include <array>

namespace acquit::web {
namespace {

constexpr std::string_view kAccepted = "test_card_accepted";
constexpr std::string_view kChallenge = "test_card_challenge";
constexpr std::string_view kRefused = "test_card_refused";

constexpr auto kCards = std::to_array<OfferedTestCard>({
    {"4970100000000055", kAccepted},
    {"4970100000000014", kChallenge},
    {"4970100000000063", kRefused},
    {"5970100300000067", kAccepted},
    {"5970100300000018", kChallenge},
    {"5970100300000075", kRefused},
    {"5000550000000052", kAccepted},
    {"5000550000000029", kChallenge},
    {"5000550000000060", kRefused},
    {"4917480000000057", kAccepted},
    {"4917480000000008", kChallenge},
    {"4917480000000065", kRefused},
    {"375900000010015", kChallenge},
});

}  // namespace

std::span<const OfferedTestCard> offered_test_cards() { return kCards; }

}  // namespace acquit::web
