// What goes wrong at the issuer on order, as our 3DS Server and a browser see it.
#include "sandbox/threeds/acs_faults.h"

#include "net/stream.h"
#include "sandbox/threeds/threeds_sandbox_test.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using threeds::TransStatus;

// All that comes until the other side hangs up.
base::Task<void> hear(std::shared_ptr<net::Stream> stream, base::Completion<std::string> heard) {
  std::string all;
  while (const auto bytes = co_await stream->read_some(4096, kOurPatience)) all += *bytes;
  heard.set(std::move(all));
}
base::Task<std::string> word_of(base::Completion<std::string> heard) { co_return co_await heard; }

class AcsFaultsTest : public ThreeDsSandboxFixture {};

struct FaultCase {
  FaultKind fault;
  std::optional<ErrorCode> error;
};

TEST_F(AcsFaultsTest, FaultsLookLikeFaultsToTheServerAndThenEnd) {
  const FaultCase cases[] = {
      {FaultKind::silent, ErrorCode::timed_out},
      {FaultKind::garbage, ErrorCode::protocol_violation},
      {FaultKind::disconnect, ErrorCode::protocol_violation},
      {FaultKind::refuse, ErrorCode::connector_unavailable},
      {FaultKind::slow, std::nullopt},
  };
  for (const FaultCase& row : cases) faults.order(AcsStep::areq, row.fault, 1);
  for (const FaultCase& row : cases) {
    SCOPED_TRACE(to_string(row.fault));
    start_ours(row.fault == FaultKind::silent ? kShortPatience : kOurPatience);
    const base::Monotonic begin = clock.monotonic();
    const auto answer = authenticate("4970100000000055");
    EXPECT_EQ(answer ? std::nullopt : std::optional(answer.error().code), row.error);
    if (answer) EXPECT_GE(clock.monotonic() - begin, kTheirSlowness);
  }
  start_ours(kOurPatience);
  EXPECT_TRUE(authenticate("4970100000000055"));
}

TEST_F(AcsFaultsTest, LosesTheConnectionInsteadOfAnsweringAnAReq) {
  faults.order(AcsStep::areq, FaultKind::disconnect, 1);
  const auto lost = authenticate("4970100000000055");
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().detail, HasSubstr("ended the connection without an answer"));
}

TEST_F(AcsFaultsTest, PagesOfAChallengeMisbehaveAsOrdered) {
  struct Row {
    FaultKind fault;
    std::optional<ErrorCode> error;
    int status;
    std::string text;
  };
  const Row rows[] = {
      {FaultKind::silent, ErrorCode::timed_out, 0, ""},
      {FaultKind::slow, std::nullopt, 200, "name=\"code\""},
      {FaultKind::garbage, std::nullopt, 200, "messageType"},
      {FaultKind::disconnect, ErrorCode::protocol_violation, 0, ""},
      {FaultKind::refuse, std::nullopt, 503, "Service indisponible"},
  };
  const auto answer = authenticate("4970100000000014");
  ASSERT_TRUE(answer);
  const auto form = threeds::challenge_form(*answer, threeds::WindowSize::full, "session-7");
  for (const Row& row : rows) {
    SCOPED_TRACE(to_string(row.fault));
    faults.order(AcsStep::challenge, row.fault, 1);
    const auto page = send(form->acs_url, {{"creq", form->creq}, {"threeDSSessionData", form->session_data}},
                           row.fault == FaultKind::silent ? kShortPatience : kOurPatience);
    EXPECT_EQ(page ? std::nullopt : std::optional(page.error().code), row.error);
    if (!page) continue;
    EXPECT_EQ(page->status, row.status);
    EXPECT_THAT(page->body, HasSubstr(row.text));
  }
  EXPECT_THAT(open(*answer), HasSubstr("name=\"code\""));
}

TEST_F(AcsFaultsTest, AFaultyPageComesAfterTheResultButARefusalDecidesNothing) {
  const auto answer = authenticate("4970100000000014");
  const std::string page = open(*answer);
  faults.order(AcsStep::challenge, FaultKind::refuse, 1);
  faults.order(AcsStep::challenge, FaultKind::garbage, 1);
  EXPECT_THAT(press(page, "confirm", "123456"), HasSubstr("Service indisponible"));
  EXPECT_TRUE(results.empty());
  EXPECT_THAT(press(page, "confirm", "123456"), Not(HasSubstr("cres")));
  EXPECT_EQ(results.size(), 1U);
  EXPECT_EQ(threeds::decode_cres(hidden(open(*answer), "cres"))->status, TransStatus::authenticated);
}

TEST_F(AcsFaultsTest, ResultsMisbehaveAsOrdered) {
  struct Row {
    FaultKind fault;
    std::size_t results;   // That we could read.
    std::size_t messages;  // That we answered.
    TransStatus status;    // As the browser brings it.
  };
  const Row rows[] = {
      {FaultKind::silent, 0, 0, TransStatus::authenticated},
      {FaultKind::slow, 1, 1, TransStatus::authenticated},
      {FaultKind::garbage, 0, 1, TransStatus::authenticated},
      {FaultKind::disconnect, 0, 0, TransStatus::authenticated},
      {FaultKind::duplicate, 2, 2, TransStatus::authenticated},
      {FaultKind::refuse, 1, 1, TransStatus::not_authenticated},
  };
  for (const Row& row : rows) faults.order(AcsStep::rreq, row.fault, 1);
  for (const Row& row : rows) {
    SCOPED_TRACE(to_string(row.fault));
    results.clear();
    results_answered.clear();
    const auto answer = authenticate("4970100000000014");
    const std::string page = open(*answer);
    const base::Monotonic begin = clock.monotonic();
    for (const std::string& back : {press(page, "confirm", "123456"), open(*answer)}) {
      EXPECT_EQ(threeds::decode_cres(hidden(back, "cres"))->status, row.status);
    }
    ASSERT_EQ(results.size(), row.results);
    EXPECT_EQ(results_answered.size(), row.messages);
    for (const threeds::ChallengeResult& result : results) EXPECT_EQ(result.status, row.status);
    if (row.fault == FaultKind::slow) EXPECT_GE(clock.monotonic() - begin, kTheirSlowness);
    if (row.fault == FaultKind::duplicate) EXPECT_EQ(results[0].cavv, results[1].cavv);
    if (row.fault == FaultKind::refuse) EXPECT_TRUE(results[0].reason == "01" && results[0].cavv.empty());
  }
}

TEST_F(AcsFaultsTest, CutsTheConnectionInTheMiddleOfTheResults) {
  const base::Completion<std::string> heard(loop);
  const auto listener = net::Listener::start(loop, "127.0.0.1:0", [heard](std::shared_ptr<net::Stream> stream) {
    base::spawn(hear(std::move(stream), heard));
  });
  ASSERT_TRUE(listener);
  start_ours(kOurPatience, "http://127.0.0.1:" + std::to_string((*listener)->port()) + "/3ds/results");
  faults.order(AcsStep::rreq, FaultKind::disconnect, 1);
  EXPECT_THAT(press(open(*authenticate("4970100000000014")), "confirm", "123456"), HasSubstr("name=\"cres\""));
  const std::string text = base::sync_wait(word_of(heard));
  EXPECT_THAT(text, testing::StartsWith("POST /3ds/results HTTP/1.1\r\n"));
  EXPECT_THAT(text, HasSubstr(R"({"messageType":"RReq")"));
  EXPECT_FALSE(text.ends_with('}'));
  (*listener)->stop();
}

TEST_F(AcsFaultsTest, StopsInTheMiddleOfASilence) {
  faults.order(AcsStep::areq, FaultKind::silent, 1);
  start_ours(kShortPatience);
  EXPECT_FALSE(authenticate("4970100000000055"));
  sandbox.stop();
  const base::Monotonic begin = clock.monotonic();
  server->stop(kOurPatience);
  EXPECT_LT(clock.monotonic() - begin, kOurPatience);
}

}  // namespace
}  // namespace acquit::sandbox
