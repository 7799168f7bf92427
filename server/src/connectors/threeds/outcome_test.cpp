#include "connectors/threeds/outcome.h"

#include <gtest/gtest.h>

namespace acquit::threeds {
namespace {

constexpr std::string_view kProof = "AAABBZEEBgAAAAAAAAQGAAAAAAA=";

struct VerdictCase {
  TransStatus status;
  std::string_view eci;
  Scheme scheme;
  bool exempted;
  Outcome outcome;
  std::string_view eci_used;
  bool shift;
  bool authorise;
};

constexpr auto kY = TransStatus::authenticated;
constexpr auto kA = TransStatus::attempted;
constexpr auto kU = TransStatus::unavailable;
constexpr auto kN = TransStatus::not_authenticated;
constexpr auto kR = TransStatus::rejected;
constexpr auto kC = TransStatus::challenge;
constexpr auto kD = TransStatus::decoupled;
constexpr auto kI = TransStatus::informational;

constexpr VerdictCase kCases[] = {
    // status, ECI, scheme, exempted: outcome, ECI used, shift, may authorise (paybox.md §5.5)
    {kY, "05", Scheme::visa, false, Outcome::authenticated, "05", true, true},
    {kY, "05", Scheme::cb, false, Outcome::authenticated, "05", true, true},
    {kY, "02", Scheme::cb, false, Outcome::authenticated, "02", true, true},
    // Authenticated, yet the merchant bears the risk (paybox.md §5.4).
    {kY, "05", Scheme::amex, false, Outcome::authenticated, "05", false, true},
    {kA, "06", Scheme::amex, false, Outcome::attempted, "06", false, true},
    {kY, "05", Scheme::jcb, false, Outcome::authenticated, "05", false, true},
    {kY, "05", Scheme::private_label, false, Outcome::authenticated, "05", false, true},
    {kY, "05", Scheme::diners, false, Outcome::authenticated, "05", true, true},
    {kY, "02", Scheme::mastercard, false, Outcome::authenticated, "02", true, true},
    {kY, "02", Scheme::maestro, false, Outcome::authenticated, "02", true, true},
    {kY, "", Scheme::visa, false, Outcome::authenticated, "05", true, true},
    {kY, "", Scheme::mastercard, false, Outcome::authenticated, "02", true, true},
    // The scheme does not guarantee this indicator, whatever the status says.
    {kY, "07", Scheme::visa, false, Outcome::authenticated, "07", false, true},
    {kY, "05", Scheme::mastercard, false, Outcome::authenticated, "05", false, true},
    {kY, "06", Scheme::mastercard, false, Outcome::authenticated, "06", false, true},
    // Without a challenge because the merchant asked for none.
    {kY, "05", Scheme::visa, true, Outcome::authenticated, "05", false, true},
    {kA, "06", Scheme::visa, false, Outcome::attempted, "06", true, true},
    {kA, "01", Scheme::mastercard, false, Outcome::attempted, "01", true, true},
    {kA, "", Scheme::maestro, false, Outcome::attempted, "01", true, true},
    {kU, "07", Scheme::visa, false, Outcome::not_possible, "07", false, true},
    {kU, "", Scheme::mastercard, false, Outcome::not_possible, "00", false, true},
    {kN, "07", Scheme::visa, false, Outcome::failed, "07", false, false},
    {kN, "", Scheme::mastercard, false, Outcome::failed, "00", false, false},
    {kR, "", Scheme::visa, false, Outcome::rejected, "07", false, false},
    {kR, "05", Scheme::visa, false, Outcome::rejected, "05", false, false},
    {kC, "", Scheme::visa, false, Outcome::challenge, "", false, false},
    {kD, "", Scheme::visa, false, Outcome::not_possible, "07", false, true},
    {kI, "", Scheme::visa, false, Outcome::informational, "07", false, true},
    {kI, "", Scheme::mastercard, false, Outcome::informational, "06", false, true},
    {kI, "05", Scheme::visa, false, Outcome::informational, "05", false, true},
};

TEST(Outcome, FollowsStatusIndicatorAndScheme) {
  for (const VerdictCase& row : kCases) {
    SCOPED_TRACE(std::string(1, static_cast<char>(row.status)) + " " + std::string(row.eci) + " scheme " +
                 std::to_string(static_cast<int>(row.scheme)));
    const Verdict verdict = judge({.status = row.status, .eci = row.eci, .cavv = kProof}, row.scheme, row.exempted);
    EXPECT_EQ(verdict.outcome, row.outcome);
    EXPECT_EQ(verdict.eci, row.eci_used);
    EXPECT_EQ(verdict.liability_shift, row.shift);
    EXPECT_EQ(verdict.may_authorise, row.authorise);
  }
}

TEST(Outcome, GuaranteesNothingWithoutAPlausibleProof) {
  const struct {
    const char* what;
    std::string_view cavv;
    bool plausible;
  } rows[] = {
      {"20 bytes", kProof, true},
      {"20 bytes of letters", "Y2F2dmNhdnZjYXZ2Y2F2dmNhdnY=", true},
      {"nothing", "", false},
      {"zeros", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
      {"ones", "//////////////////////////8=", false},
      {"24 characters", "AAABBZEEBgAAAAAAAAQGAAAA", false},
      {"32 characters", "AAABBZEEBgAAAAAAAAQGAAAAAAAAAAAA", false},
      {"no base64", "****************************", false},
      {"base64url", "__8BBZEEBgAAAAAAAAQGAAAAAAA=", false},
      {"hexadecimal digits", "0000010591040600000000000406000000000000", false},
      {"blanks", "                            ", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(is_plausible_proof(row.cavv), row.plausible) << row.what;
    for (const auto& [status, eci] : {std::pair(kY, "05"), std::pair(kA, "06"), std::pair(kY, "")}) {
      const Verdict verdict = judge({.status = status, .eci = eci, .cavv = row.cavv}, Scheme::visa, false);
      EXPECT_EQ(verdict.liability_shift, row.plausible) << row.what;
      EXPECT_TRUE(verdict.may_authorise) << row.what;
    }
  }
}

TEST(Outcome, IsSafeForAStatusThatDoesNotExist) {
  const Verdict verdict =
      judge({.status = static_cast<TransStatus>('?'), .eci = "05", .cavv = kProof}, Scheme::visa, false);
  EXPECT_FALSE(verdict.liability_shift);
  EXPECT_FALSE(verdict.may_authorise);
}

TEST(Outcome, KnowsWhichWishesKeepTheRiskWithTheMerchant) {
  EXPECT_TRUE(asks_exemption(ChallengePreference::no_challenge));
  EXPECT_TRUE(asks_exemption(ChallengePreference::risk_analysis_done));
  EXPECT_FALSE(asks_exemption(ChallengePreference::unspecified));
  EXPECT_FALSE(asks_exemption(ChallengePreference::challenge_mandated));
}

}  // namespace
}  // namespace acquit::threeds
