#include "protocols/vads/answer.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

#include "base/list.h"
#include "base/percent.h"
#include "protocols/vads/notification.h"
#include "protocols/vads/sample_payments.h"
#include "tests/support/golden.h"

namespace acquit::vads {
namespace {

using payments::State;
using testing::abandoned;
using testing::kTestKey;
using testing::refund;
using testing::refused;
using testing::sent_fields;
using testing::subject;
using testing::to_validate;
using testing::value_of;
using testing::waiting;

struct Sample {
  std::string name;
  notifications::Subject subject;
  std::string result;
  std::string status;
};

std::vector<Sample> samples() {
  return {{"accepted", subject(State::authorised), "00", "AUTHORISED"},
          {"captured", subject(State::captured), "00", "CAPTURED"},
          {"refused", refused(), "05", "REFUSED"},
          {"abandoned", abandoned(), "17", "ABANDONED"},
          {"expired", subject(State::expired), "05", "EXPIRED"},
          {"waiting", waiting(), "00", "WAITING_AUTHORISATION_TO_VALIDATE"},
          {"to_validate", to_validate(), "00", "AUTHORISED_TO_VALIDATE"},
          {"refund", refund(), "00", "AUTHORISED"}};
}

std::set<std::string> names_of(const base::FormFields& fields) {
  std::set<std::string> names;
  for (const auto& [name, value] : fields) EXPECT_TRUE(names.insert(name).second) << name << " twice";
  return names;
}

void compare(const std::string& name, const base::FormFields& fields) {
  std::string text;
  for (const auto& [field, value] : fields) text += field + "=" + base::percent_encode(value) + "\n";
  support::expect_golden("tests/golden/vads/" + name + ".txt", text);
}

TEST(Answer, MatchesItsGoldenFiles) {
  for (const Sample& sample : samples()) {
    compare(sample.name + "_return", answer_fields(sample.subject, {}));
    compare(sample.name + "_notification", answer_fields(sample.subject, "PAY"));
  }
}

TEST(Answer, NamesResultAndStatus) {
  for (const Sample& sample : samples()) {
    const auto fields = answer_fields(sample.subject, {});
    EXPECT_EQ(value_of(fields, "vads_result"), sample.result) << sample.name;
    EXPECT_EQ(value_of(fields, "vads_trans_status"), sample.status) << sample.name;
  }
}

// Without a transaction these are absent: recorded from real gateways, and libraries fail on them where they are empty.
const std::set<std::string> kOfATransaction{
    "vads_trans_uuid",       "vads_operation_type", "vads_sequence_number", "vads_effective_creation_date",
    "vads_brand_management", "vads_expiry_month",   "vads_expiry_year"};

std::set<std::string> without(std::set<std::string> names, const std::set<std::string>& absent) {
  for (const std::string& name : absent) names.erase(name);
  return names;
}

TEST(Answer, HasTheSameFieldsWhateverTheOutcome) {
  const auto expected = names_of(answer_fields(samples()[0].subject, {}));
  for (const Sample& sample : samples()) {
    const bool made = sample.status != "ABANDONED";
    EXPECT_EQ(names_of(answer_fields(sample.subject, {})), made ? expected : without(expected, kOfATransaction))
        << sample.name;
  }
}

TEST(Answer, SaysNothingOfTheCardWhoeverLeftTheBanksPage) {
  for (const State state : {State::initiated, State::authenticating, State::abandoned}) {
    auto left = subject(state);
    left.transaction.answer.response_code = "1A";
    const auto fields = answer_fields(left, {});
    EXPECT_EQ(names_of(fields), names_of(answer_fields(abandoned(), {})));
    for (const std::string_view name :
         {"vads_card_number", "vads_card_brand", "vads_card_holder_name", "vads_threeds_enrolled", "vads_auth_result",
          "vads_risk_control", "vads_warranty_result"}) {
      EXPECT_EQ(value_of(fields, name), "") << name;
    }
    EXPECT_EQ(value_of(fields, "vads_auth_mode"), "MARK");
  }
}

TEST(Answer, HoldsTheWholeListOfTheProtocol) {
  // lyra.md §1.12 but for vads_hash and vads_url_check_src, which the return must not have.
  constexpr std::string_view kNames =
      "vads_result vads_extra_result vads_auth_result vads_auth_mode vads_auth_number vads_trans_status "
      "vads_trans_uuid vads_operation_type vads_occurrence_type vads_sequence_number vads_payment_seq "
      "vads_payment_certificate vads_payment_src vads_payment_error vads_effective_amount vads_effective_currency "
      "vads_change_rate vads_effective_creation_date vads_presentation_date vads_capture_delay vads_validation_mode "
      "vads_contract_used vads_acquirer_network vads_card_brand vads_brand_management vads_card_number "
      "vads_expiry_month vads_expiry_year vads_card_holder_name vads_card_country vads_card_nature "
      "vads_card_product_category vads_bank_code vads_bank_label vads_bank_product vads_wallet vads_pays_ip "
      "vads_warranty_result vads_threeds_enrolled vads_threeds_status vads_threeds_auth_type vads_threeds_cavv "
      "vads_threeds_cavvAlgorithm vads_threeds_eci vads_threeds_xid vads_threeds_sign_valid "
      "vads_threeds_exit_status vads_threeds_error_code vads_initial_issuer_transaction_identifier "
      "vads_risk_control vads_risk_assessment_result vads_risk_analysis_result vads_avs_result vads_identifier "
      "vads_identifier_status vads_identifier_previously_registered vads_recurrence_status vads_recurrence_number "
      "vads_subscription";
  const Form form{.fields = sent_fields(), .signature = {}};
  const FormError error{.code = 9, .is_signed = true};
  const auto rejected = rejection_fields(form, testing::sample_shop(), merchants::Mode::test, error);
  const auto expected = names_of(answer_fields(subject(State::authorised), {}));
  for (const std::string_view name : base::split(kNames, ' '))
    EXPECT_TRUE(expected.contains(std::string(name))) << name;
  EXPECT_EQ(names_of(rejected), without(expected, kOfATransaction));
}

TEST(Answer, HasHashAndSourceInTheNotificationOnly) {
  for (const Sample& sample : samples()) {
    auto expected = names_of(answer_fields(sample.subject, {}));
    EXPECT_FALSE(expected.contains("vads_hash") || expected.contains("vads_url_check_src"));
    expected.insert({"vads_hash", "vads_url_check_src", "vads_unknown_fields"});
    const auto notification = answer_fields(sample.subject, "RETRY");
    EXPECT_EQ(names_of(notification), expected);
    EXPECT_EQ(value_of(notification, "vads_url_check_src"), "RETRY");
    EXPECT_EQ(value_of(notification, "vads_hash").size(), 64U);
  }
}

TEST(Answer, DoesNotEchoWhatOnlyANotificationHas) {
  // A shop that sent such a field must not make the return look like a notification.
  auto paid = subject(State::authorised);
  auto fields = sent_fields();
  testing::set(fields, "vads_hash", "forged");
  testing::set(fields, "vads_url_check_src", "PAY");
  paid.payment.protocol_fields = base::to_form(fields);
  const auto names = names_of(answer_fields(paid, {}));
  EXPECT_FALSE(names.contains("vads_hash") || names.contains("vads_url_check_src"));
  EXPECT_EQ(value_of(answer_fields(paid, "BO"), "vads_url_check_src"), "BO");
}

TEST(Answer, IsSignedWithTheShopsKeyAndAlgorithm) {
  for (const auto algorithm : {merchants::SignatureAlgorithm::sha1, merchants::SignatureAlgorithm::hmac_sha256}) {
    for (const auto mode : {merchants::Mode::test, merchants::Mode::production}) {
      auto paid = subject(State::authorised);
      auto shop = testing::sample_shop();
      shop.shop.algorithm = algorithm;
      paid.shop = std::make_shared<const merchants::ShopConfig>(shop);
      paid.payment.mode = mode;
      auto fields = answer_fields(paid, "PAY");
      ASSERT_EQ(fields.back().first, "signature");
      const std::string signature = fields.back().second;
      fields.pop_back();
      const base::SecretKey key{std::string(mode == merchants::Mode::test ? kTestKey : testing::kProductionKey)};
      EXPECT_EQ(signature, sign(fields, key, algorithm));
    }
  }
}

TEST(Answer, EchoesTheRequestByteForByte) {
  for (const Sample& sample : samples()) {
    const auto called = notification({.subject = sample.subject});
    const auto fields = base::parse_form(called.request.body);
    ASSERT_TRUE(fields);
    for (const auto& [name, value] : sent_fields()) EXPECT_EQ(value_of(*fields, name), value) << name;
  }
}

TEST(Notification, IsPostedToTheShopsAddress) {
  const auto paid = subject(State::authorised);
  const auto called =
      notification({.subject = paid, .telling = notifications::Telling::again, .url = "https://shop.example/ipn?a=1"});
  EXPECT_EQ(called.request.method, http::Method::post);
  EXPECT_EQ(called.request.url, "https://shop.example/ipn?a=1");
  EXPECT_EQ(called.request.headers,
            (http::Headers{{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}}));
  EXPECT_EQ(called.request.body, base::to_form(answer_fields(paid, "RETRY")));
}

TEST(Notification, IsTakenByJustTheTwelveCodesOfTheManual) {
  const std::set<int> taken{200, 201, 202, 203, 204, 205, 206, 301, 302, 303, 307, 308};
  for (int status = 0; status < 1000; ++status) {
    const auto verdict = judge_answer({.status = status, .headers = {}, .body = "KO"});
    EXPECT_EQ(verdict == notifications::Verdict::taken, taken.contains(status)) << status;
    EXPECT_NE(verdict, notifications::Verdict::stop) << status;
  }
}

TEST(Answer, GivesACertificateToAcceptedPaymentsOnly) {
  for (const Sample& sample : samples()) {
    const std::string certificate = value_of(answer_fields(sample.subject, {}), "vads_payment_certificate");
    EXPECT_EQ(certificate.size(), sample.result == "00" ? 40U : 0U) << sample.name;
  }
}

}  // namespace
}  // namespace acquit::vads
