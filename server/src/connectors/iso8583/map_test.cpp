#include "connectors/iso8583/map.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "connectors/iso8583/private_data.h"
#include "connectors/iso8583/response_codes.h"
#include "connectors/iso8583/wire.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;
using base::Money;

const base::Currency kEuro = base::Currency::from_code("EUR").value();
// 2023-11-14 22:13:20 UTC.
constexpr base::Time kMoment = base::time_from_ms(1'700'000'000'000);
// An hour later by the shop's clock.
constexpr std::chrono::local_seconds kAtShop{std::chrono::seconds{1'700'003'600}};

connectors::Terminal terminal() {
  return {.acquirer_id = "12345", .terminal_id = "001", .merchant_number = "5999888", .category_code = "5999"};
}

connectors::Card card() { return {.pan = base::Pan("4970100000000055"), .expiry_year = 2030, .expiry_month = 7}; }

connectors::Authorisation authorisation() {
  return {
      .trace = {.stan = 42, .sent_at = kMoment},
      .terminal = terminal(),
      .card = card(),
      .security_code = base::SecurityCode("123"),
      .amount = Money(1990, kEuro),
      .reference = "REF000000001",
      .proof =
          connectors::AuthenticationProof{.eci = "05", .cavv = "AAABBBB", .ds_transaction_id = "", .version = "2.2.0"},
      .local_time = kAtShop};
}

TEST(Map, WritesAnAuthorisationAsTheNetworkWantsIt) {
  const Message message = to_message(authorisation()).value();
  Message expected("0100");
  expected.set(2, "4970100000000055").set(3, "000000").set(4, "000000001990").set(7, "1114221320").set(11, "000042");
  expected.set(12, "231320").set(13, "1114").set(14, "3007").set(18, "5999").set(22, "812").set(25, "59");
  expected.set(32, "12345").set(37, "REF000000001").set(41, "001     ").set(42, "5999888        ");
  expected
      .set(48,
           "400205"
           "4107AAABBBB"
           "43052.2.0"
           "9203123")
      .set(49, "978");
  EXPECT_EQ(message, expected);
  EXPECT_TRUE(encode(message, {}));
}

TEST(Map, SaysHowTheCardWasEntered) {
  struct Row {
    connectors::Entry entry;
    bool verification;
    std::string_view mode;
    std::string_view condition;
  };
  using enum connectors::Entry;
  const Row rows[] = {
      {ecommerce, false, "812", "59"},
      {mail_order, false, "012", "08"},
      {credential_on_file, false, "102", "59"},
      {ecommerce, true, "812", "51"},
  };
  for (const Row& row : rows) {
    auto request = authorisation();
    request.entry = row.entry;
    request.verification = row.verification;
    const Message message = to_message(request).value();
    EXPECT_EQ(message.get(22), row.mode);
    EXPECT_EQ(message.get(25), row.condition);
  }
}

TEST(Map, QuotesTheOriginalInAReversal) {
  connectors::Reversal request{.trace = {.stan = 999'999, .sent_at = kMoment + std::chrono::seconds(5)},
                               .original = {.stan = 42, .sent_at = kMoment},
                               .terminal = terminal(),
                               .card = card(),
                               .amount = Money(1990, kEuro),
                               .reference = "REF000000001",
                               .local_time = kAtShop};
  EXPECT_EQ(to_message(request)->get(7), "1114221325");
  EXPECT_EQ(to_message(request)->get(12), "231320") << "of the original";
  EXPECT_EQ(to_message(request)->get(13), "1114");
  EXPECT_EQ(to_message(request)->mti(), "0400");
  request.repeat = true;
  const Message message = to_message(request).value();
  EXPECT_EQ(message.mti(), "0401");
  EXPECT_EQ(message.get(11), "999999");
  EXPECT_EQ(message.get(90),
            "0100"
            "000042"
            "1114221320"
            "00000012345"
            "00000000000");
  EXPECT_TRUE(encode(message, {}));
}

TEST(Map, TellsDebitAdvicesFromCredits) {
  connectors::Advice request{.trace = {.stan = 43, .sent_at = kMoment},
                             .terminal = terminal(),
                             .card = card(),
                             .amount = Money(1990, kEuro),
                             .reference = "REF000000001",
                             .authorisation_code = "A1",
                             .entry = connectors::Entry::mail_order,
                             .local_time = kAtShop};
  const Message debit = to_message(request).value();
  EXPECT_EQ(debit.get(12), "231320");
  EXPECT_EQ(debit.get(13), "1114");
  EXPECT_EQ(debit.get(22), "012");
  EXPECT_EQ(debit.get(25), "08");
  EXPECT_EQ(debit.mti(), "0220");
  EXPECT_EQ(debit.get(3), "000000");
  EXPECT_EQ(debit.get(38), "A1    ");
  request.kind = connectors::AdviceKind::credit;
  request.authorisation_code = "";
  request.repeat = true;
  const Message credit = to_message(request).value();
  EXPECT_EQ(credit.mti(), "0221");
  EXPECT_EQ(credit.get(3), "200000");
  EXPECT_FALSE(credit.find(38));
  EXPECT_TRUE(encode(credit, {}));
}

TEST(Map, RefusesAmountsThatTwelveDigitsCannotHold) {
  for (const std::int64_t minor : {std::int64_t{-1}, std::int64_t{1'000'000'000'000}}) {
    auto request = authorisation();
    request.amount = Money(minor, kEuro);
    const auto message = to_message(request);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::amount_out_of_range);
    EXPECT_EQ(message.error().field, "DE 4");
  }
}

TEST(Map, MatchesAnswersByClassTraceAndTime) {
  const Message request = to_message(authorisation()).value();
  const auto key = exchange_key(request);
  EXPECT_EQ(exchange_key(answer_to(request)), key);
  EXPECT_EQ(answer_to(request).mti(), "0110");
  EXPECT_NE(exchange_key(Message(request).set(11, "000043")), key);
  EXPECT_NE(exchange_key(Message(request).set(7, "1114221321")), key);
  Message reversal("0410");
  reversal.set(7, "1114221320").set(11, "000042");
  EXPECT_NE(exchange_key(reversal), key);
  EXPECT_FALSE(exchange_key(Message("0110").set(11, "000042")));
  EXPECT_EQ(answer_type("0401"), "0410");
  EXPECT_EQ(answer_type("0221"), "0230");
  EXPECT_TRUE(is_answer(Message("0810")));
  EXPECT_FALSE(is_answer(Message("0800")));
}

Message approval() { return answer_to(to_message(authorisation()).value()).set(38, "A12345").set(39, "00"); }

TEST(Map, ReadsWhatAnAnswerSays) {
  const Money asked(1990, kEuro);
  const auto approved = authorisation_answer(approval(), asked);
  EXPECT_EQ(approved.response_code, "00");
  EXPECT_EQ(approved.authorisation_code, "A12345");
  EXPECT_EQ(approved.verdict, Verdict::approved);
  const auto refused = authorisation_answer(approval().set(39, "51"), asked);
  EXPECT_EQ(refused.response_code, "51");
  EXPECT_EQ(refused.authorisation_code, "") << "only an approval has one";
  EXPECT_EQ(authorisation_answer(approval().set(39, "85"), asked).verdict, Verdict::unclear) << "no approval of money";
  EXPECT_EQ(authorisation_answer(approval().set(39, "85"), Money::zero(kEuro)).verdict, Verdict::approved);
  EXPECT_EQ(authorisation_answer(approval().set(39, "10"), asked).verdict, Verdict::approved_partially);
}

Message without(const Message& message, int number) {
  Message out(message.mti());
  for (const Message::Field& field : message.fields()) {
    if (field.number != number) out.set(field.number, field.value);
  }
  return out;
}

Message typed(const Message& message, const std::string& mti) {
  Message out(mti);
  for (const Message::Field& field : message.fields()) out.set(field.number, field.value);
  return out;
}

TEST(Map, BelievesNoAnswerThatSpeaksOfSomethingElse) {
  const std::map<int, std::string> others = {
      {2, "4970100000000063"}, {3, "200000"}, {4, "000000001991"}, {7, "1114221321"},    {11, "000043"},
      {12, "221321"},          {13, "1115"},  {32, "12346"},       {37, "REF000000002"}, {41, "002     "},
      {42, "5999889        "}, {49, "840"},
  };
  const connectors::Advice capture{.trace = {.stan = 45, .sent_at = kMoment},
                                   .terminal = terminal(),
                                   .card = card(),
                                   .amount = Money(1990, kEuro),
                                   .reference = "REF000000001",
                                   .authorisation_code = "A1"};
  const connectors::Reversal undo{.trace = {.stan = 44, .sent_at = kMoment},
                                  .original = {.stan = 42, .sent_at = kMoment},
                                  .terminal = terminal(),
                                  .card = card(),
                                  .amount = Money(1990, kEuro),
                                  .reference = "REF000000001"};
  for (const Message& request :
       {to_message(authorisation()).value(), to_message(capture).value(), to_message(undo).value()}) {
    const Message answer = answer_to(request).set(38, "A12345").set(39, "00");
    EXPECT_TRUE(check_answer(request, answer, Echoes::all)) << request.mti();
    for (const auto& [number, other] : others) {
      for (const char* code : {"00", "51"}) {
        const auto checked =
            check_answer(request, Message(answer).set(number, other).set(39, code), Echoes::those_sent);
        ASSERT_FALSE(checked) << request.mti() << " DE " << number;
        EXPECT_EQ(checked.error().field, "DE " + std::to_string(number));
      }
    }
    EXPECT_EQ(check_answer(request, without(answer, 39), Echoes::all).error().field, "DE 39");
    for (const char* mti : {"0110", "0130", "0210", "0230", "0231", "0410", "0430", "0111"}) {
      EXPECT_EQ(check_answer(request, typed(answer, mti), Echoes::all).has_value(), answer.mti() == mti)
          << request.mti() << " " << mti;
    }
  }
}

TEST(Map, WantsEveryEchoAndACodeOfAnApproval) {
  const Message request = to_message(authorisation()).value();
  for (const int number : {2, 3, 4, 12, 13, 32, 41, 42, 49}) {
    const Message lacking = without(approval(), number);
    for (const char* code : {"00", "11", "10", "Z9"}) {
      if (number == 4 && std::string_view(code) == "10") continue;
      const auto checked = check_answer(request, Message(lacking).set(39, code), Echoes::all);
      ASSERT_FALSE(checked) << number << " " << code;
      EXPECT_EQ(checked.error().field, "DE " + std::to_string(number));
    }
    EXPECT_TRUE(check_answer(request, Message(lacking).set(39, "51"), Echoes::all)) << number;
    EXPECT_TRUE(check_answer(request, lacking, Echoes::those_sent)) << number;
  }
  EXPECT_EQ(check_answer(request, without(approval(), 38), Echoes::those_sent).error().field, "DE 38");
  EXPECT_EQ(check_answer(request, approval().set(38, "      "), Echoes::all).error().field, "DE 38");
  EXPECT_TRUE(check_answer(request, without(approval(), 38).set(39, "51"), Echoes::all));
  EXPECT_TRUE(check_answer(request, approval().set(39, "10").set(4, "000000000995"), Echoes::all));
}

TEST(Map, TakesBlanksAtTheEndForNoDifference) {
  const Message request = to_message(authorisation()).value();
  EXPECT_TRUE(check_answer(request, approval().set(42, "5999888").set(41, "001"), Echoes::all));
}

TEST(PrivateData, ReadsWhatItWrote) {
  const PrivateData elements = {{"40", "05"}, {"XX", ""}, {"42", std::string(99, 'x')}};
  EXPECT_EQ(read_private_data(write_private_data(elements).value()).value(), elements);
  EXPECT_EQ(read_private_data("").value(), PrivateData{});
  for (const std::string_view broken : {"4", "400", "4002", "40020", "40x205", "40-105", "9203123400"}) {
    EXPECT_FALSE(read_private_data(broken)) << broken;
  }
  EXPECT_FALSE(write_private_data({{"40", std::string(100, 'x')}}));
  EXPECT_FALSE(write_private_data({{"4", "05"}}));
}

TEST(ResponseCodes, CoverTheNetworksList) {
  for (const std::string_view code :
       {"00", "02", "03", "04", "05", "07", "08", "12", "13", "14", "15", "17", "19", "20", "24",
        "25", "26", "27", "28", "29", "30", "31", "33", "34", "38", "41", "43", "51", "54", "55",
        "56", "57", "58", "59", "60", "61", "62", "63", "68", "75", "76", "90", "91", "94", "96",
        "97", "98", "99", "01", "46", "80", "81", "82", "83", "A1", "R1", "R3"}) {
    EXPECT_TRUE(std::ranges::count(response_code_table(), code, &ResponseCode::code) == 1) << code;
  }
}

// All that ISO 8583:1987 gives a meaning, but for those of PIN and of the exchange of keys: a refusal that is taken for
// unclear makes a reversal of nothing, and leaves a capture in doubt.
TEST(ResponseCodes, CoverTheStandard) {
  const std::string_view reserved = "45 47 48 49 50 69 71 72 73 74 77 84";
  for (int number = 0; number <= 98; ++number) {
    const std::string code = fmt::format("{:02}", number);
    const bool known = std::ranges::count(response_code_table(), code, &ResponseCode::code) == 1;
    EXPECT_NE(known, reserved.contains(code)) << code;
  }
}

TEST(ResponseCodes, SayWhatToDoNext) {
  using enum Verdict;
  const std::pair<Verdict, std::vector<std::string_view>> rows[] = {
      {approved, {"00", "11", "16"}},
      {approved_partially, {"10", "32", "87"}},
      {verified, {"85"}},
      {unclear, {"08", "09", "68", "97", "Q7", "Y1", "", "000", "0"}},
      {declined_retry, {"18", "70", "86", "01", "02", "05", "17", "51", "55", "61", "80"}},
      {declined_final,
       {"35", "36", "37", "39", "42", "44", "52", "53", "67", "6P", "78", "79", "93", "N7", "04", "07", "14", "15",
        "33", "34", "38", "41", "43", "46", "54", "56", "57", "59", "62", "63", "75", "76", "82", "83", "R1", "R3"}},
      {soft_decline, {"1A", "65", "81", "A1"}},
      {our_fault,
       {"21", "23", "40", "64", "66", "89", "92", "95", "03", "12", "13", "24", "27", "28", "29", "30", "31", "58",
        "60"}},
      {unavailable, {"06", "22", "88", "19", "20", "90", "91", "96", "98", "99"}},
      {unknown_record, {"25"}},
      {duplicate, {"26", "94"}},
  };
  std::size_t in_table = 0;
  for (const auto& [expected, codes] : rows) {
    for (const std::string_view code : codes) {
      EXPECT_EQ(verdict_of(code), expected) << code;
      in_table += static_cast<std::size_t>(std::ranges::count(response_code_table(), code, &ResponseCode::code));
    }
  }
  EXPECT_EQ(in_table, response_code_table().size()) << "a row of the table is not tested";
}

TEST(Map, ReadsWhichAuthorisationAnApprovalIsOf) {
  using namespace std::chrono_literals;
  const auto at = [](int year, unsigned month, unsigned day, std::chrono::seconds time) {
    return base::Time(
        std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) + time);
  };
  const Message answer = Message("0110")
                             .set(4, "000000001990")
                             .set(7, "1231235958")
                             .set(11, "000042")
                             .set(37, "REF000000001")
                             .set(38, "A12345")
                             .set(39, "00")
                             .set(42, "5999888        ")
                             .set(49, "978");
  for (const base::Time now : {at(2026, 12, 31, 23h + 59min + 59s), at(2027, 1, 1, 10s), at(2027, 3, 1, 0s)}) {
    const auto approval = approval_in(answer, now);
    ASSERT_TRUE(approval);
    EXPECT_EQ(approval->trace.stan, 42);
    EXPECT_EQ(approval->trace.sent_at, at(2026, 12, 31, 23h + 59min + 58s));
    EXPECT_EQ(approval->reference, "REF000000001");
    EXPECT_EQ(approval->merchant_number, "5999888");
    EXPECT_EQ(approval->subject, "");
    EXPECT_FALSE(approval->amount) << "what was asked for is known to the store";
  }
  const base::Time now = at(2027, 1, 1, 10s);
  EXPECT_FALSE(approval_in(Message(answer).set(39, "51"), now)) << "no approval";
  EXPECT_FALSE(approval_in(Message(answer).set(7, "1331235958"), now)) << "no such month";
  const Message bare = Message("0110").set(7, "1231235958").set(11, "000042").set(37, "REF000000001").set(39, "00");
  EXPECT_TRUE(approval_in(bare, now)) << "a host that leaves echoes out holds the money all the same";
  EXPECT_FALSE(approval_in(Message("0410").set(7, "1231235958").set(11, "000042").set(39, "00"), now));
  EXPECT_TRUE(approval_in(Message(answer).set(39, "10"), now)) << "a part may be held";
}

}  // namespace
}  // namespace acquit::iso8583
