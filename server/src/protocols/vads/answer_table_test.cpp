// The answer field by field against what real gateways of this family were recorded to send (lyra.md §1.12 and §11).
#include <gtest/gtest.h>

#include "protocols/vads/answer.h"
#include "protocols/vads/answer_values.h"
#include "protocols/vads/sample_payments.h"

namespace acquit::vads {
namespace {

using payments::State;
using testing::sent_fields;
using testing::subject;
using testing::value_of;

constexpr std::string_view kAbsent = "(absent)";
constexpr std::string_view kXid = "AAAAAF8/Hy4AAEAAgAAAAAAAAAE=";
constexpr std::string_view kCreated = "20231114221320";

notifications::Subject refused_by_issuer() {
  auto out = testing::refused();
  out.transaction.cause = std::nullopt;
  return out;
}

notifications::Subject deferred() {
  auto out = subject(State::authorised);
  out.payment.capture_delay_days = 3;
  // Midnight in Paris is still the day before in UTC.
  out.transaction.capture.at = base::time_from_ms(1'700'175'600'000);
  return out;
}

struct Case {
  std::string_view name;
  notifications::Subject subject;
};

std::vector<Case> cases() {
  return {{"accepted", subject(State::authorised)},
          {"refused", refused_by_issuer()},
          {"abandoned", testing::abandoned()},
          {"expired", subject(State::expired)},
          {"deferred", deferred()},
          {"to_validate", testing::to_validate()},
          {"mark", testing::waiting()}};
}

struct Row {
  std::string_view field;
  std::array<std::string_view, 7> values;  // In the order of cases().
};

TEST(AnswerTable, HoldsWhatRealGatewaysSend) {
  const Row rows[] = {
      {"vads_result", {"00", "05", "17", "05", "00", "00", "00"}},
      {"vads_trans_status",
       {"AUTHORISED", "REFUSED", "ABANDONED", "EXPIRED", "AUTHORISED", "AUTHORISED_TO_VALIDATE",
        "WAITING_AUTHORISATION_TO_VALIDATE"}},
      {"vads_auth_mode", {"FULL", "FULL", "MARK", "FULL", "FULL", "FULL", "MARK"}},
      {"vads_auth_result", {"00", "51", "", "00", "00", "00", "00"}},
      {"vads_auth_number", {"3fe1a2", "", "", "3fe1a2", "3fe1a2", "3fe1a2", "3fe1a2"}},
      {"vads_expiry_month", {"6", "6", kAbsent, "6", "6", "6", "6"}},
      {"vads_expiry_year", {"2027", "2027", kAbsent, "2027", "2027", "2027", "2027"}},
      {"vads_card_number",
       {"497010XXXXXX0014", "497010XXXXXX0014", "", "497010XXXXXX0014", "497010XXXXXX0014", "497010XXXXXX0014",
        "497010XXXXXX0014"}},
      {"vads_card_brand", {"CB", "CB", "", "CB", "CB", "CB", "CB"}},
      {"vads_operation_type", {"DEBIT", "DEBIT", kAbsent, "DEBIT", "DEBIT", "DEBIT", "DEBIT"}},
      {"vads_sequence_number", {"1", "1", kAbsent, "1", "1", "1", "1"}},
      {"vads_effective_creation_date", {kCreated, kCreated, kAbsent, kCreated, kCreated, kCreated, kCreated}},
      {"vads_presentation_date",
       {kCreated, kCreated, kCreated, kCreated, "20231117221320", kCreated, "20231214221320"}},
      {"vads_effective_amount", {"5124", "5124", "", "5124", "5124", "5124", "5124"}},
      {"vads_contract_used", {"1234567", "1234567", "", "1234567", "1234567", "1234567", "1234567"}},
      {"vads_warranty_result", {"YES", "NO", "", "NO", "YES", "YES", "YES"}},
      {"vads_threeds_enrolled", {"Y", "Y", "", "Y", "Y", "Y", "Y"}},
      {"vads_threeds_xid", {kXid, kXid, "", kXid, kXid, kXid, kXid}},
      {"vads_threeds_exit_status", {"10", "10", "", "10", "10", "10", "10"}},
      {"vads_threeds_error_code", {"", "", "", "", "", "", ""}},
      {"vads_risk_control",
       {"CARD_FRAUD=OK", "CARD_FRAUD=OK", "", "CARD_FRAUD=OK", "CARD_FRAUD=OK", "CARD_FRAUD=OK", "CARD_FRAUD=OK"}},
      {"vads_extra_result", {"00", "00", "", "00", "00", "00", "00"}},
      {"vads_pays_ip", {"FR", "FR", "FR", "FR", "FR", "FR", "FR"}},
      {"vads_card_country", {"FR", "FR", "", "FR", "FR", "FR", "FR"}},
      {"vads_bank_product", {"F", "F", "", "F", "F", "F", "F"}},
      {"vads_bank_code", {"17807", "17807", "", "17807", "17807", "17807", "17807"}},
      {"vads_language", {"fr", "fr", "fr", "fr", "fr", "fr", "fr"}},
  };
  const auto all = cases();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto fields = answer_fields(all[i].subject, "PAY");
    for (const Row& row : rows) EXPECT_EQ(value_of(fields, row.field), row.values.at(i)) << all[i].name << row.field;
    if (value_of(fields, "vads_trans_status") == "ABANDONED") {
      EXPECT_EQ(value_of(fields, "vads_trans_uuid"), kAbsent);
      EXPECT_EQ(value_of(fields, "vads_brand_management"), kAbsent);
    }
  }
}

TEST(AnswerTable, SaysHowFarTheAuthenticationCame) {
  struct Step {
    std::string_view enrolled;
    std::string_view status;
    std::string_view error;
    std::string_view exit_status;
    std::string_view error_code;
  };
  // The last three columns of 6, 7 and 10 are recorded; the others stand in the list of this family's manual.
  const Step steps[] = {
      {"", "", "", "", ""},
      {"N", "", "", "7", "7"},
      {"U", "", "", "6", "6"},
      {"Y", "Y", "", "10", ""},
      {"Y", "A", "", "10", ""},
      {"Y", "N", "", "10", ""},
      {"Y", "R", "", "10", ""},
      {"Y", "N", "challenge_cancelled_01", "10", ""},
      {"Y", "U", "", "9", "9"},
      {"Y", "N", "no_results", "9", "9"},
      {"Y", "U", "timed_out", "13", "13"},
      {"Y", "U", "connection_failed", "12", "12"},
  };
  for (const Step& step : steps) {
    auto said = subject(State::refused);
    auto& a = said.transaction.authentication;
    a.enrolled = step.enrolled;
    a.status = step.status;
    a.error = step.error;
    const auto fields = answer_fields(said, "PAY");
    EXPECT_EQ(value_of(fields, "vads_threeds_exit_status"), step.exit_status) << step.enrolled << step.error;
    EXPECT_EQ(value_of(fields, "vads_threeds_error_code"), step.error_code) << step.enrolled << step.error;
  }
}

TEST(AnswerTable, WritesTheDirectorysIdInTwentyEightCharacters) {
  EXPECT_EQ(threeds_xid("5f3f1f2e-0000-4000-8000-000000000001"), kXid);
  EXPECT_EQ(threeds_xid("5F3F1F2E-0000-4000-8000-000000000001"), kXid);
  EXPECT_EQ(threeds_xid(""), "");
  EXPECT_EQ(threeds_xid("WXJsVXpHVjFoMktzNmw5dTd1ekQ="), "WXJsVXpHVjFoMktzNmw5dTd1ekQ=");
  // What a shop brought is said as the shop said it.
  for (const std::string xid : {"5f3f1f2e-0000-4000-8000-000000000002", "WXJsVXpHVjFoMktzNmw5dTd1ekQ="}) {
    auto paid = subject(State::authorised);
    auto fields = sent_fields();
    testing::set(fields, "vads_threeds_xid", xid);
    paid.payment.protocol_fields = base::to_form(fields);
    paid.transaction.authentication.ds_transaction_id = xid;
    EXPECT_EQ(value_of(answer_fields(paid, "PAY"), "vads_threeds_xid"), xid);
  }
}

TEST(AnswerTable, NamesTheControlThatRefusedACard) {
  const auto blocked = answer_fields(testing::refused(), "PAY");
  EXPECT_EQ(value_of(blocked, "vads_risk_control"), "CARD_FRAUD=ERROR");
  EXPECT_EQ(value_of(blocked, "vads_risk_assessment_result"), "REFUSE");
  EXPECT_EQ(value_of(blocked, "vads_extra_result"), "03");
  const auto refund = answer_fields(testing::refund(), "PAY");
  EXPECT_EQ(value_of(refund, "vads_risk_control"), "");
  EXPECT_EQ(value_of(refund, "vads_extra_result"), "");
}

}  // namespace
}  // namespace acquit::vads
