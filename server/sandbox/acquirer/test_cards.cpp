#include "sandbox/acquirer/test_cards.h"

#include <algorithm>
#include <array>

namespace acquit::sandbox {
namespace {

using enum CardRule;

constexpr auto kCards = std::to_array<TestCard>({
    // Everyday cards.
    {"4970100000000113", decline, "05", "Visa, refused"},
    {"4970110000001003", approve, "", "Visa, challenge"},
    {"5100010000000106", approve, "", "Mastercard, challenge"},
    {"375900000010015", approve, "", "American Express, challenge"},
    {"4970110000000021", approve, "", "Visa, challenge that times out"},
    {"5100010000000049", approve, "", "Mastercard, challenge that times out"},
    {"375900000000016", approve, "", "American Express, challenge that times out"},
    {"4970110000000401", decline, "59", "Visa, authentication rejected; refused if it comes here all the same"},
    {"4970110000000039", decline, "05", "Visa, refused after the challenge"},
    {"4051700000003926", approve, "", "Visa, contract in JPY"},
    {"4515450000004140", approve, "", "Visa, contract in KWD"},
    {"4970101000001002", decline_above_zero, "51", "Visa, verification accepted, later payments refused"},
    {"4970110000000914", require_authentication, "A1", "Visa, refused without 3-D Secure, accepted with it"},
    // Old numbers that do not pass the Luhn check.
    {"4970100000000000", approve, "", "Visa, authenticated"},
    {"4970100000000003", approve, "", "Visa, merchant not enrolled"},
    {"4970100000000009", approve, "", "Visa, interactive authentication"},
    // The table of the production key: rows 1 and 2 accepted, 3 and 4 refused.
    {"4970100000000014", approve, "", "row 1, CB"},
    {"5970100300000018", approve, "", "row 1, Mastercard"},
    {"5000550000000029", approve, "", "row 1, Maestro"},
    {"4917480000000008", approve, "", "row 1, Visa Electron"},
    {"4970100000000055", approve, "", "row 2, CB; the number most used"},
    {"5970100300000067", approve, "", "row 2, Mastercard"},
    {"5000550000000052", approve, "", "row 2, Maestro"},
    {"4917480000000057", approve, "", "row 2, Visa Electron"},
    {"4970100000000063", decline, "51", "row 3, CB"},
    {"5970100300000075", decline, "51", "row 3, Mastercard"},
    {"5000550000000060", decline, "51", "row 3, Maestro"},
    {"4917480000000065", decline, "51", "row 3, Visa Electron"},
    {"4970100000000071", decline, "05", "row 4, CB"},
    {"5970100300000083", decline, "05", "row 4, Mastercard"},
    {"5000550000000078", decline, "05", "row 4, Maestro"},
    {"4917480000000073", decline, "05", "row 4, Visa Electron"},
    // The pre-production platform of Paybox. Its refused numbers fail the Luhn check.
    {"1111222233334444", approve, "", "of no scheme, accepted"},
    {"1111222233335555", decline, "14", "refused"},
    {"4012001037141112", approve, "", "Visa, authenticated"},
    {"4012001037141113", decline, "14", "Visa, not authenticated"},
    {"4012001038443335", approve, "", "Visa, not enrolled"},
    {"5555555555554444", approve, "", "Mastercard"},
    {"5200000000000007", approve, "", "Mastercard, challenge"},
});

}  // namespace

std::span<const TestCard> test_cards() { return kCards; }

const TestCard* find_test_card(std::string_view number) {
  const auto* const found = std::ranges::find(kCards, number, &TestCard::number);
  return found == kCards.end() ? nullptr : &*found;
}

}  // namespace acquit::sandbox
