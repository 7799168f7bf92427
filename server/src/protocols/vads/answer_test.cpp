#include "protocols/vads/answer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "protocols/vads/sample_form.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::vads {
namespace {

namespace fs = std::filesystem;
using payments::State;
using testing::kTestKey;

// Everything that a form may want back unchanged.
const base::FormFields& sent_fields() {
  static const auto kFields = [] {
    base::FormFields fields = testing::good_fields();
    for (const auto& [name, value] : base::FormFields{{"vads_order_id", "CMD-26"},
                                                      {"vads_order_info", "Élodie & Fils + \"O'Brien\" = 50%; "},
                                                      {"vads_order_info2", "  blanks  "},
                                                      {"vads_order_info3", ""},
                                                      {"vads_ext_info_emoji", "😀 ligne 1\r\nligne 2"},
                                                      {"vads_unheard_of", "a<b>c"},
                                                      {"vads_cust_email", "jeanne@shop.example"},
                                                      {"vads_url_return", "https://shop.example/return?a=1&b=2"}}) {
      testing::set(fields, name, value);
    }
    return fields;
  }();
  return kFields;
}

notifications::Subject subject(State state) {
  const base::ManualClock clock;
  base::SeededRandom random(5);
  payments::Payment payment{.shop = testing::kShop,
                            .id = payments::PaymentId::make(clock, random),
                            .protocol = "vads",
                            .trans_id = "123456",
                            .trans_day = 19'675,
                            .reference = "CMD-26",
                            .amount = {5124, *base::Currency::from_code("EUR")},
                            .plan = "SINGLE",
                            .language = "fr",
                            .methods = {},
                            .buyer = {},
                            .protocol_fields = base::to_form(sent_fields()),
                            .request_hash = {},
                            .notification_url = {},
                            .created_at = clock.now(),
                            .expires_at = clock.now() + std::chrono::minutes(10),
                            .ended_at = {}};
  payments::Transaction transaction{.shop = testing::kShop,
                                    .id = payments::TransactionId::make(clock, random),
                                    .payment = payment.id,
                                    .parent = {},
                                    .state = state,
                                    .amount = payment.amount,
                                    .contract_id = 1,
                                    .method = "CB",
                                    .card_id = {},
                                    .card_masked = "497010XXXXXX0014",
                                    .expiry_year = 2027,
                                    .expiry_month = 6,
                                    .card_holder = "Jeanne Martin",
                                    .validated_at = {},
                                    .capture_at = clock.now() + std::chrono::hours(24),
                                    .authorise_at = {},
                                    .due_at = {},
                                    .reference = "000000000001",
                                    .trace = {},
                                    .answered_at = clock.now(),
                                    .response_code = "00",
                                    .authorisation_code = "3fe1a2",
                                    .payment_error = {},
                                    .unknown_since = {},
                                    .authentication = {.enrolled = "Y",
                                                       .status = "Y",
                                                       .status_reason = {},
                                                       .type = "CHALLENGE",
                                                       .eci = "05",
                                                       .cavv = "Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2",
                                                       .ds_transaction_id = "5f3f1f2e-0000-4000-8000-000000000001",
                                                       .acs_transaction_id = {},
                                                       .server_transaction_id = {},
                                                       .version = "2.2.0",
                                                       .liability_shift = true,
                                                       .error = {}},
                                    .created_at = clock.now()};
  return {.shop = std::make_shared<const merchants::ShopConfig>(testing::sample_shop()),
          .payment = std::move(payment),
          .transaction = std::move(transaction)};
}

notifications::Subject abandoned() {
  auto out = subject(State::abandoned);
  auto& t = out.transaction;
  t.method = t.card_masked = t.card_holder = t.response_code = t.authorisation_code = "";
  t.expiry_year = t.expiry_month = 0;
  t.answered_at = {};
  t.authentication = {};
  return out;
}

notifications::Subject refused() {
  auto out = subject(State::refused);
  out.transaction.response_code = "51";
  out.transaction.authorisation_code = "";
  out.transaction.payment_error = 36;
  return out;
}

notifications::Subject waiting() {
  auto out = subject(State::waiting_authorisation);
  out.payment.capture_delay_days = 30;
  out.payment.manual_validation = out.transaction.manual_validation = true;
  out.transaction.verification = true;
  return out;
}

notifications::Subject to_validate() {
  auto out = subject(State::to_validate);
  out.payment.manual_validation = out.transaction.manual_validation = true;
  return out;
}

notifications::Subject refund() {
  auto out = subject(State::authorised);
  out.transaction.kind = payments::Kind::credit;
  out.transaction.parent = out.transaction.id;
  out.transaction.amount = {1708, out.payment.amount.currency()};
  out.transaction.response_code = out.transaction.authorisation_code = "";
  out.transaction.authentication = {};
  return out;
}

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

std::string value_of(const base::FormFields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? "(absent)" : found->second;
}

std::set<std::string> names_of(const base::FormFields& fields) {
  std::set<std::string> names;
  for (const auto& [name, value] : fields) EXPECT_TRUE(names.insert(name).second) << name << " twice";
  return names;
}

void compare(const std::string& name, const base::FormFields& fields) {
  std::string text;
  for (const auto& [field, value] : fields) text += field + "=" + base::url_encode(value) + "\n";
  const fs::path path = fs::path(ACQUIT_SOURCE_DIR) / "tests/golden/vads" / (name + ".txt");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::ifstream file(path);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << name << ": run again with UPDATE_GOLDEN=1 if this is wanted";
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

TEST(Answer, HasTheSameFieldsWhateverTheOutcome) {
  const auto expected = names_of(answer_fields(samples()[0].subject, {}));
  for (const Sample& sample : samples())
    EXPECT_EQ(names_of(answer_fields(sample.subject, {})), expected) << sample.name;
  for (const std::string_view name :
       {"vads_auth_result", "vads_card_number", "vads_expiry_month", "vads_trans_uuid", "vads_threeds_cavv",
        "vads_payment_certificate", "vads_sequence_number", "vads_extra_result", "vads_wallet"}) {
    EXPECT_TRUE(expected.contains(std::string(name))) << name;
  }
}

TEST(Answer, HasHashAndSourceInTheNotificationOnly) {
  for (const Sample& sample : samples()) {
    auto expected = names_of(answer_fields(sample.subject, {}));
    EXPECT_FALSE(expected.contains("vads_hash") || expected.contains("vads_url_check_src"));
    expected.insert({"vads_hash", "vads_url_check_src"});
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
  const VadsProtocol protocol;
  for (const Sample& sample : samples()) {
    const auto fields = base::parse_form(protocol.notification_body(sample.subject, "PAY"));
    ASSERT_TRUE(fields);
    for (const auto& [name, value] : sent_fields()) {
      // The amount is the transaction's, which a refund or an instalment has of its own.
      if (name != "vads_amount") EXPECT_EQ(value_of(*fields, name), value) << name;
    }
  }
  EXPECT_EQ(protocol.notification_content_type(), "application/x-www-form-urlencoded; charset=UTF-8");
}

TEST(Answer, LeavesCardAndDatesEmptyWhenNothingWasTried) {
  const auto fields = answer_fields(abandoned(), {});
  for (const std::string_view name :
       {"vads_card_number", "vads_expiry_month", "vads_expiry_year", "vads_trans_uuid", "vads_auth_result",
        "vads_auth_number", "vads_payment_certificate", "vads_presentation_date", "vads_brand_management"}) {
    EXPECT_EQ(value_of(fields, name), "") << name;
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
