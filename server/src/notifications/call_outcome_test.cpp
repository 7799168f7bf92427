#include "notifications/call_outcome.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;

// Takes 2xx and redirects that say where; reads the body too.
Verdict judge(const http::IncomingResponse& answer) {
  if (answer.body == "enough") return Verdict::stop;
  const bool taken = answer.status / 100 == 2 || (answer.status / 100 == 3 && answer.status != 304);
  return taken && answer.body != "KO" ? Verdict::taken : Verdict::again;
}
const Call kCall{.request = {}, .judge = judge, .accepted = "2xx, 3xx"};

TEST(CallOutcome, IsWhatTheProtocolReadsInTheAnswer) {
  const auto of = [](int status, const std::string& body) {
    return to_outcome(kCall, http::IncomingResponse{.status = status, .headers = {}, .body = body},
                      base::Milliseconds{1});
  };
  EXPECT_EQ(of(200, "OK").failure, Failure::none);
  EXPECT_EQ(of(200, "KO").failure, Failure::other) << "its words say no";
  EXPECT_FALSE(of(200, "KO").stops);
  EXPECT_EQ(of(500, "OK").failure, Failure::server);
  EXPECT_EQ(of(410, "enough").failure, Failure::not_found);
  EXPECT_TRUE(of(410, "enough").stops);
  EXPECT_EQ(of(200, "KO").accepted, "2xx, 3xx");
  EXPECT_EQ(history_line(of(200, "KO"), "Fin"), "FAILED, rule=Fin, duration=~0,0s, http=200, response=KO");
}

TEST(CallOutcome, KnowsTheKindOfEachFailure) {
  struct Row {
    int status;
    Failure failure;
  };
  const Row statuses[] = {
      {100, Failure::other},     {200, Failure::other},   {300, Failure::redirect}, {304, Failure::redirect},
      {310, Failure::redirect},  {400, Failure::request}, {401, Failure::access},   {403, Failure::access},
      {404, Failure::not_found}, {405, Failure::request}, {407, Failure::access},   {410, Failure::not_found},
      {500, Failure::server},    {503, Failure::server},  {599, Failure::server},   {600, Failure::other}};
  for (const Row& row : statuses) EXPECT_EQ(failure_of(row.status), row.failure) << row.status;

  struct ErrorRow {
    ErrorCode code;
    std::string detail;
    Failure failure;
  };
  const ErrorRow errors[] = {
      {ErrorCode::timed_out, "no answer in time from x:80", Failure::timed_out},
      {ErrorCode::connection_failed, "connection refused by x:80", Failure::refused},
      {ErrorCode::connection_failed, "name not found: x:80", Failure::name_unknown},
      {ErrorCode::connection_failed, "certificate not trusted: x:443: expired", Failure::tls},
      {ErrorCode::connection_failed, "no TLS with x:443: wrong version", Failure::tls},
      {ErrorCode::connection_failed, "no connection to x:80: no route", Failure::unreachable},
      {ErrorCode::protocol_violation, "x:80 ended the connection without an answer", Failure::broken},
      {ErrorCode::address_not_allowed, "x:80 is a private address", Failure::address},
      {ErrorCode::field_format, "the URL can't be read", Failure::address},
      {ErrorCode::lane_full, "too many requests", Failure::unreachable},
  };
  for (const ErrorRow& row : errors) {
    EXPECT_EQ(failure_of(base::Error{.code = row.code, .field = {}, .detail = row.detail}), row.failure) << row.detail;
  }
}

TEST(CallOutcome, ShowsTheBeginningOfAnAnswerWithoutWhatCouldHarm) {
  struct Row {
    std::string body;
    std::string shown;
  };
  const Row rows[] = {
      {"", ""},
      {"OK-Accepted", "OK-Accepted"},
      {"<span style=\"display:none\">OK\n</span>", "<span style=\"display:none\">OK </span>"},
      {std::string("a\0b\x1b[31m", 7), "a b [31"},
      {"caf\xE9 \xFF\xC3", "caf\uFFFD \uFFFD\uFFFD"},
      {"\xC0\x80\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"card=4970100000000014;", "card=497010XXXXXX0014;"},
      {std::string(300, 'x'), std::string(255, 'x')},
  };
  for (const Row& row : rows) EXPECT_EQ(shown_answer(row.body), row.shown);
  std::string long_text;
  for (int i = 0; i < 5000; ++i) long_text += "é";
  EXPECT_EQ(base::utf8_length(shown_answer(long_text)), 255U);
}

TEST(CallOutcome, MasksACardNumberThatCrossesTheCut) {
  const std::string shown = shown_answer(std::string(240, ' ') + "4970100000000014 and more");
  EXPECT_EQ(shown, std::string(240, ' ') + "497010XXXXXX001");
}

TEST(CallOutcome, WritesTheLineOfTheHistory) {
  const http::IncomingResponse answer{.status = 200, .headers = {}, .body = "OK-done"};
  struct Row {
    base::Result<http::IncomingResponse> answer;
    int ms;
    std::string line;
  };
  const Row rows[] = {
      {answer, 1400, "SENT, rule=Fin, duration=~1,4s, response=OK-done"},
      {answer, 1449, "SENT, rule=Fin, duration=~1,4s, response=OK-done"},
      {answer, 1450, "SENT, rule=Fin, duration=~1,5s, response=OK-done"},
      {answer, 12, "SENT, rule=Fin, duration=~0,0s, response=OK-done"},
      {http::IncomingResponse{.status = 302, .headers = {}, .body = "moved"}, 60,
       "SENT, doubtful, rule=Fin, duration=~0,1s, http=302, response=moved"},
      {http::IncomingResponse{
           .status = 301, .headers = {{"location", "https://u:secret@shop.example/new"}}, .body = "moved"},
       60,
       "SENT, doubtful, rule=Fin, duration=~0,1s, http=301, location=https://u:***@shop.example/new, response=moved"},
      {http::IncomingResponse{.status = 304, .headers = {{"location", "/new"}}, .body = ""}, 60,
       "FAILED, rule=Fin, duration=~0,1s, http=304, location=/new, response="},
      {http::IncomingResponse{.status = 204, .headers = {}, .body = ""}, 60,
       "SENT, rule=Fin, duration=~0,1s, http=204, response="},
      {http::IncomingResponse{.status = 404, .headers = {}, .body = "nope"}, 60,
       "FAILED, rule=Fin, duration=~0,1s, http=404, response=nope"},
      {base::fail(ErrorCode::timed_out, "no answer in time from x:80"), 30'001,
       "FAILED, rule=Fin, duration=~30,0s, error=no answer in time from x:80"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(history_line(to_outcome(kCall, row.answer, base::Milliseconds{row.ms}), "Fin"), row.line);
  }
}

}  // namespace
}  // namespace acquit::notifications
