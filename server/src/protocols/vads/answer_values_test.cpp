// What the answer says of payments, field by field; answer_test.cpp has its set of fields.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocols/vads/answer.h"
#include "protocols/vads/sample_payments.h"
#include "protocols/vads/signature.h"

namespace acquit::vads {
namespace {

using payments::State;
using testing::kTestKey;
using testing::sent_fields;
using testing::subject;
using testing::value_of;

TEST(Answer, TakesNoWordOfOursFromTheForm) {
  auto fields = sent_fields();
  for (const std::string_view name : {"vads_identifier_status", "vads_recurrence_status", "vads_payment_seq"})
    testing::set(fields, name, "CREATED");
  testing::set(fields, "vads_identifier", "alias-1");
  auto paid = subject(State::authorised);
  paid.payment.protocol_fields = base::to_form(fields);
  const auto answer = answer_fields(paid, {});
  for (const std::string_view name : {"vads_identifier_status", "vads_recurrence_status", "vads_payment_seq"})
    EXPECT_EQ(value_of(answer, name), "") << name;
  EXPECT_EQ(value_of(answer, "vads_identifier"), "alias-1");
}

// A buyer's relabelled form holds some (ADR 0017), and a shop that knows what it sent sees them at once.
TEST(Answer, NamesTheFormsUnknownFieldsToTheShopAlone) {
  const auto answer_to = [](const base::FormFields& more, std::string_view source) {
    auto fields = sent_fields();
    std::erase_if(fields, [](const auto& field) { return field.first == "vads_unheard_of"; });
    for (const auto& [name, value] : more) testing::set(fields, name, value);
    auto paid = subject(State::authorised);
    paid.payment.protocol_fields = base::to_form(fields);
    return answer_fields(paid, source);
  };
  const base::FormFields odd{
      {"vads_ama", "512400"}, {"vads_ext_info_a", "1"}, {"vads_product_label0", "Pull"}, {"vads_zz", ""}};
  EXPECT_EQ(value_of(answer_to(odd, "PAY"), "vads_unknown_fields"), "vads_ama;vads_zz");
  EXPECT_EQ(value_of(answer_to({{"vads_unknown_fields", "none"}}, "PAY"), "vads_unknown_fields"),
            "vads_unknown_fields");
  const auto has_it = [](const base::FormFields& answer) {
    return std::ranges::count(answer, "vads_unknown_fields", &base::FormFields::value_type::first) > 0;
  };
  EXPECT_FALSE(has_it(answer_to({{"vads_ext_info_a", "1"}}, "PAY"))) << "modules see nothing new";
  EXPECT_FALSE(has_it(answer_to(odd, {})));
  EXPECT_FALSE(has_it(answer_to({{"vads_unknown_fields", "none"}}, {})));
}

TEST(Answer, SaysDoneOfNothingButASuccess) {
  struct Row {
    State state;
    std::string_view response_code;
    std::string_view result;
    std::string_view status;
  };
  const Row rows[] = {
      {State::initiated, "", "17", "ABANDONED"},
      {State::authenticating, "", "17", "ABANDONED"},
      {State::authorising, "", "96", "INITIAL"},
      {State::pending, "", "00", "UNDER_VERIFICATION"},
      {State::waiting_authorisation, "00", "00", "WAITING_AUTHORISATION"},
      {State::to_validate, "00", "00", "AUTHORISED_TO_VALIDATE"},
      {State::authorised, "00", "00", "AUTHORISED"},
      {State::captured, "00", "00", "CAPTURED"},
      {State::capture_failed, "00", "05", "CAPTURE_FAILED"},
      {State::accepted, "00", "00", "ACCEPTED"},
      {State::refused, "51", "05", "REFUSED"},
      {State::refused, "02", "05", "REFUSED"},
      {State::refused, "91", "05", "REFUSED"},
      {State::refused, "", "05", "REFUSED"},
      {State::refused, "97", "96", "REFUSED"},
      {State::abandoned, "", "17", "ABANDONED"},
      {State::cancelled, "00", "17", "CANCELLED"},
      {State::expired, "00", "05", "EXPIRED"},
  };
  std::set<State> seen;
  for (const Row& row : rows) {
    seen.insert(row.state);
    auto visited = subject(row.state);
    visited.transaction.answer.response_code = row.response_code;
    const auto fields = answer_fields(visited, {});
    EXPECT_EQ(value_of(fields, "vads_result"), row.result) << payments::to_string(row.state);
    EXPECT_EQ(value_of(fields, "vads_trans_status"), row.status) << payments::to_string(row.state);
    EXPECT_EQ(row.result == "00", payments::is_success(row.state)) << payments::to_string(row.state);
    EXPECT_EQ(value_of(fields, "vads_trans_uuid") == "(absent)", row.status == "ABANDONED");
  }
  EXPECT_EQ(seen.size(), payments::kStates);
}

TEST(Answer, TellsTheShopTheBytesOfItsFormAndTheBrowserWhatItCanHold) {
  const std::pair<std::string, std::string> rows[] = {
      {"Zo\xC3", "Zo\uFFFD"},
      {"\xE9t\xE9", "\uFFFDt\uFFFD"},
      {std::string("a\0b", 3), "a\uFFFDb"},
      {"a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd"},
      {"é \t😀", "é \t😀"},
  };
  for (const auto& [sent, carried] : rows) {
    auto visited = subject(State::authorised);
    visited.payment.protocol_fields = base::to_form({{"vads_order_info", sent}, {"vads_amount", "5124"}});
    const auto told = answer_fields(visited, "PAY");
    EXPECT_EQ(value_of(told, "vads_order_info"), sent);
    const auto brought = answer_fields(visited, {});
    EXPECT_EQ(value_of(brought, "vads_order_info"), carried);
    for (const auto& fields : {told, brought}) {
      const base::FormFields read = *base::parse_form(base::to_form(fields));
      EXPECT_EQ(value_of(read, "signature"), sign(read, base::SecretKey(std::string(testing::kTestKey)),
                                                  merchants::SignatureAlgorithm::hmac_sha256));
    }
  }
}

TEST(Answer, KeepsTheOrdersTotalApartFromWhatATransactionMoves) {
  struct Row {
    std::string_view plan;
    int sequence;
    payments::Kind kind;
    std::int64_t amount;
    std::string_view occurrence;
  };
  const Row rows[] = {
      {"SINGLE", 1, payments::Kind::debit, 5124, "UNITAIRE"},
      {"SINGLE", 1, payments::Kind::credit, 1708, "UNITAIRE"},
      {"MULTI:first=1708;count=3;period=30", 1, payments::Kind::debit, 1708, "RECURRENT_INITIAL"},
      {"MULTI:first=1708;count=3;period=30", 2, payments::Kind::debit, 1708, "RECURRENT_INTERMEDIAIRE"},
      {"MULTI:first=1708;count=3;period=30", 3, payments::Kind::debit, 1708, "RECURRENT_FINAL"},
      {"MULTI_EXT:20231114=5000;20231214=124", 1, payments::Kind::debit, 5000, "RECURRENT_INITIAL"},
      {"MULTI_EXT:20231114=5000;20231214=124", 2, payments::Kind::debit, 124, "RECURRENT_FINAL"},
  };
  for (const Row& row : rows) {
    auto part = subject(State::authorised);
    part.payment.plan = payments::Plan::parse(row.plan).value();
    part.transaction.sequence = row.sequence;
    part.transaction.kind = row.kind;
    part.transaction.amount = {row.amount, part.payment.amount.currency()};
    const auto fields = answer_fields(part, "PAY");
    EXPECT_EQ(value_of(fields, "vads_amount"), "5124") << row.plan << row.sequence;
    EXPECT_EQ(value_of(fields, "vads_effective_amount"), std::to_string(row.amount)) << row.plan << row.sequence;
    EXPECT_EQ(value_of(fields, "vads_occurrence_type"), row.occurrence) << row.plan << row.sequence;
  }
}

TEST(Answer, CountsRupiahAsTheFormDoes) {
  auto paid = subject(State::authorised);
  paid.payment.amount = paid.transaction.amount = {5'124'00, *base::Currency::from_code("IDR")};
  const auto fields = answer_fields(paid, "PAY");
  EXPECT_EQ(value_of(fields, "vads_amount"), "5124");
  EXPECT_EQ(value_of(fields, "vads_effective_amount"), "5124");
  EXPECT_EQ(value_of(fields, "vads_effective_currency"), "360");
}

TEST(Answer, NamesTheBrandsOfACard) {
  const auto brands = [](std::string_view method, bool chosen, std::string_view card) {
    auto paid = subject(State::authorised);
    paid.transaction.method = method;
    paid.transaction.card.masked = card;
    paid.transaction.card.brand_chosen = chosen;
    return value_of(answer_fields(paid, {}), "vads_brand_management");
  };
  EXPECT_EQ(brands("CB", false, "497010XXXXXX0014"), R"({"userChoice":false,"brandList":"CB|VISA","brand":"CB"})");
  EXPECT_EQ(brands("CB", true, "497010XXXXXX0014"), R"({"userChoice":true,"brandList":"CB|VISA","brand":"CB"})");
  EXPECT_EQ(brands("VISA", true, "497010XXXXXX0014"), R"({"userChoice":true,"brandList":"CB|VISA","brand":"VISA"})");
  // Where CB was not offered, nobody chose.
  EXPECT_EQ(brands("VISA", false, "497010XXXXXX0014"), R"({"userChoice":false,"brandList":"CB|VISA","brand":"VISA"})");
}

TEST(Answer, KeepsTheKindOfAProofThatTheShopBrought) {
  const std::string cavv = subject(State::authorised).transaction.authentication.cavv;
  for (const auto& [sent_cavv, expected] : {std::pair(cavv, "3"), std::pair(std::string("AAAA"), "2")}) {
    auto fields = sent_fields();
    testing::set(fields, "vads_threeds_cavv", sent_cavv);
    testing::set(fields, "vads_threeds_cavvAlgorithm", "3");
    auto paid = subject(State::authorised);
    paid.payment.protocol_fields = base::to_form(fields);
    EXPECT_EQ(value_of(answer_fields(paid, "PAY"), "vads_threeds_cavvAlgorithm"), expected) << sent_cavv;
  }
}

TEST(Answer, SignsTheLineBreaksThatABrowserSends) {
  auto fields = sent_fields();
  testing::set(fields, "vads_order_info", "a\nb\rc\r\nd\n\re");
  auto paid = subject(State::authorised);
  paid.payment.protocol_fields = base::to_form(fields);
  auto back = answer_fields(paid, {});
  EXPECT_EQ(value_of(back, "vads_order_info"), "a\r\nb\r\nc\r\nd\r\n\r\ne");
  const std::string signature = back.back().second;
  back.pop_back();
  EXPECT_EQ(signature, sign(back, base::SecretKey(std::string(kTestKey)), merchants::SignatureAlgorithm::hmac_sha256));
  // Nobody changes them on the way of a notification.
  EXPECT_EQ(value_of(answer_fields(paid, "PAY"), "vads_order_info"), "a\nb\rc\r\nd\n\re");
}

TEST(Answer, RejectsAFormWithItsCode) {
  auto fields = sent_fields();
  for (const auto& [name, value] : base::FormFields{{"vads_card_number", "4970100000000014"},
                                                    {"vads_cvv", "123"},
                                                    {"vads_order_info3", "4970100000000014"},
                                                    {"vads_hash", "forged"}}) {
    testing::set(fields, name, value);
  }
  for (const auto& [code, shown] : {std::pair(9, "09"), {62, "62"}, {999, "999"}}) {
    const auto answer = rejection_fields({.fields = fields, .signature = {}}, testing::sample_shop(),
                                         merchants::Mode::production, {.code = code, .is_signed = true});
    EXPECT_EQ(value_of(answer, "vads_result"), "30");
    EXPECT_EQ(value_of(answer, "vads_extra_result"), shown);
    EXPECT_EQ(value_of(answer, "vads_trans_status"), "NOT_CREATED");
    EXPECT_EQ(value_of(answer, "vads_trans_uuid"), "(absent)");
    EXPECT_EQ(value_of(answer, "vads_order_id"), "CMD-26");
    EXPECT_EQ(value_of(answer, "vads_hash"), "(absent)");
    EXPECT_FALSE(base::to_form(answer).contains("4970100000000014") || base::to_form(answer).contains("vads_cvv"));
    auto unsigned_answer = answer;
    unsigned_answer.pop_back();
    EXPECT_EQ(answer.back().second, sign(unsigned_answer, base::SecretKey(std::string(testing::kProductionKey)),
                                         merchants::SignatureAlgorithm::hmac_sha256));
  }
}

}  // namespace
}  // namespace acquit::vads
