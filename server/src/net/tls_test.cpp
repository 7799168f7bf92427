#include "net/tls.h"

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <future>

#include "base/executor.h"
#include "base/testing/begin.h"
#include "net/stream.h"
#include "net/testing/certificates.h"

namespace acquit::net {
namespace {

using base::ErrorCode;
using base::sync_wait;
using base::testing::begin;
using net::testing::TestAuthority;
using ::testing::HasSubstr;
constexpr base::Milliseconds kLong{10'000};

// A server of TLS on a free port that wants a certificate of who comes, and what a test says about both sides.
class TlsStreamTest : public ::testing::Test {
 protected:
  TlsStreamTest() { loop_.run_in_background(); }
  ~TlsStreamTest() override {
    if (listener_) listener_->stop();
    for (const auto& stream : {near_, far_}) {
      if (stream) stream->close();
    }
    loop_.stop();
  }
  void serve(const TlsFiles& files) {
    auto tls = Tls::make(Tls::Side::server, files);
    ASSERT_TRUE(tls) << tls.error().detail;
    listener_ = Listener::start(
                    loop_, "127.0.0.1:0",
                    [this](std::shared_ptr<Stream> stream) { accepted_.set_value(std::move(stream)); }, *tls)
                    .value();
  }
  base::Result<std::shared_ptr<Stream>> join(const TlsFiles& files, const std::string& name = "127.0.0.1") {
    auto tls = Tls::make(Tls::Side::client, files);
    if (!tls) return std::unexpected(tls.error());
    auto connecting = begin(connect(loop_, "127.0.0.1:" + std::to_string(listener_->port()), kLong,
                                    {.tls = *std::move(tls), .name = name}));
    far_ = accepted_.get_future().get();
    far_hands_ = sync_wait(far_->shake_hands(kLong));
    if (!far_hands_) far_->close();
    auto near = connecting.get();
    if (near) near_ = *near;
    return near;
  }

  TestAuthority authority_;
  Loop loop_{2};
  std::promise<std::shared_ptr<Stream>> accepted_;
  std::unique_ptr<Listener> listener_;
  base::Result<TlsSession> far_hands_;
  std::shared_ptr<Stream> near_;
  std::shared_ptr<Stream> far_;
};

TEST_F(TlsStreamTest, CarriesMoreThanTheKernelBuffersBothWaysAtOnce) {
  serve(authority_.issue("bank"));
  ASSERT_TRUE(join(authority_.issue("us")));
  const std::string large(3'000'000, 'x');
  auto there = begin(near_->write(large, kLong));
  auto back = begin(far_->write(large, kLong));
  EXPECT_EQ(sync_wait(far_->read_exactly(large.size(), kLong)), large);
  EXPECT_EQ(sync_wait(near_->read_exactly(large.size(), kLong)), large);
  EXPECT_TRUE(there.get());
  EXPECT_TRUE(back.get());
}

TEST_F(TlsStreamTest, SaysWhatWasAgreedOn) {
  serve(authority_.issue("bank", {.ends_in_s = 10 * 24 * TestAuthority::kHour}));
  ASSERT_TRUE(join(authority_.issue("us")));
  const auto session = sync_wait(near_->shake_hands(kLong));
  ASSERT_TRUE(session);
  EXPECT_EQ(session->version, "TLSv1.3");
  const auto days = std::chrono::duration_cast<std::chrono::days>(session->peer_ends.value() - base::OsClock().now());
  EXPECT_EQ(std::chrono::round<std::chrono::days>(days).count(), 9);  // Ten, less a moment.
  EXPECT_TRUE(far_hands_->peer_ends);
}

TEST_F(TlsStreamTest, LooksForANameInTheOtherSidesCertificate) {
  const struct {
    std::string in_certificate;
    std::string wanted;
    bool accepted;
  } rows[] = {
      {"DNS:bank.example", "bank.example", true},
      {"DNS:bank.example", "other.example", false},
      {"DNS:*.bank.example", "a.bank.example", true},
      {"DNS:bank.example", "127.0.0.1", false},
      {"IP:127.0.0.1", "127.0.0.1", true},
      {"IP:127.0.0.1", "bank.example", false},
      {"IP:0:0:0:0:0:0:0:1", "::1", true},
      {"", "bank.example", false},
  };
  for (const auto& row : rows) {
    accepted_ = {};
    serve(authority_.issue("bank", {.common_name = "test", .name = row.in_certificate}));
    const auto joined = join(authority_.issue("us"), row.wanted);
    const std::string what = row.in_certificate + " for " + row.wanted;
    ASSERT_EQ(joined.has_value(), row.accepted) << what << ": " << (joined ? "" : joined.error().detail);
    if (joined) continue;
    EXPECT_EQ(joined.error().code, ErrorCode::connection_failed);
    EXPECT_THAT(joined.error().detail, HasSubstr("its certificate is not accepted for \"" + row.wanted + "\"")) << what;
  }
}

TEST_F(TlsStreamTest, TrustsOnlyWhomItsAuthorityVouchesFor) {
  TestAuthority stranger("Strange CA");
  serve({.ca_file = authority_.ca_file(),
         .certificate_file = stranger.issue("bank").certificate_file,
         .key_file = stranger.file("bank.key")});
  const auto joined = join(authority_.issue("us"));
  ASSERT_FALSE(joined);
  EXPECT_THAT(joined.error().detail, HasSubstr("unable to get local issuer certificate"));
}

TEST_F(TlsStreamTest, TakesNoCertificateThatHasEnded) {
  serve(authority_.issue("bank", {.ends_in_s = -TestAuthority::kHour}));
  const auto joined = join(authority_.issue("us"));
  ASSERT_FALSE(joined);
  EXPECT_THAT(joined.error().detail, HasSubstr("certificate has expired"));
}

// In TLS 1.3 the client's handshake is over before the server has looked at its certificate: the no comes with a read.
TEST_F(TlsStreamTest, IsToldThatItsOwnCertificateIsNotAccepted) {
  TestAuthority stranger("Strange CA");
  auto strange = stranger.issue("us");
  strange.ca_file = authority_.ca_file();
  const struct {
    TlsFiles files;
    std::string reason;
  } rows[] = {
      {{.ca_file = authority_.ca_file()}, "certificate required"},
      {strange, "unknown ca"},
      {authority_.issue("us", {.ends_in_s = -TestAuthority::kHour}), "certificate expired"},
  };
  for (const auto& row : rows) {
    accepted_ = {};
    serve(authority_.issue("bank"));
    const auto joined = join(row.files);
    const std::string told = joined ? sync_wait(near_->read_some(1, kLong)).error().detail : joined.error().detail;
    EXPECT_THAT(told, HasSubstr("our certificate is not accepted: "));
    EXPECT_THAT(told, HasSubstr(row.reason));
    EXPECT_FALSE(far_hands_);
  }
}

TEST_F(TlsStreamTest, WaitsForNoHandshakeLongerThanForAConnection) {
  auto silent = Listener::start(loop_, "127.0.0.1:0", [this](std::shared_ptr<Stream> stream) {
                  accepted_.set_value(std::move(stream));
                }).value();
  const auto tls = Tls::make(Tls::Side::client, authority_.issue("us")).value();
  const auto joined = sync_wait(connect(loop_, "127.0.0.1:" + std::to_string(silent->port()), base::Milliseconds(100),
                                        {.tls = tls, .name = "127.0.0.1"}));
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, ErrorCode::timed_out);
  far_ = accepted_.get_future().get();
}

TEST_F(TlsStreamTest, SeesTheEndOfTheOtherSideAndItsOwn) {
  serve(authority_.issue("bank"));
  ASSERT_TRUE(join(authority_.issue("us")));
  far_->close();
  EXPECT_EQ(sync_wait(near_->read_some(1, kLong)).error().code, ErrorCode::connection_failed);
  auto reading = begin(far_->read_some(1, kLong));
  EXPECT_EQ(reading.get().error().code, ErrorCode::connection_failed);
  EXPECT_EQ(sync_wait(far_->write("x", kLong)).error().code, ErrorCode::connection_failed);
}

TEST_F(TlsStreamTest, SpeaksWithNobodyInClear) {
  serve(authority_.issue("bank"));
  near_ = sync_wait(connect(loop_, "127.0.0.1:" + std::to_string(listener_->port()), kLong)).value();
  far_ = accepted_.get_future().get();
  ASSERT_TRUE(sync_wait(near_->write("in clear", kLong)));
  EXPECT_EQ(sync_wait(far_->read_some(8, kLong)).error().code, ErrorCode::connection_failed);
}

TEST_F(TlsStreamTest, GivesNewStreamsWhatWasLoadedLast) {
  const auto files = authority_.issue("us");
  const auto tls = Tls::make(Tls::Side::client, files).value();
  const auto before = tls->certificate_ends();
  (void)authority_.issue("us", {.ends_in_s = 100 * 24 * TestAuthority::kHour});
  ASSERT_TRUE(tls->load());
  EXPECT_GT(tls->certificate_ends(), before);
  std::filesystem::remove(files.key_file);
  EXPECT_FALSE(tls->load());
  EXPECT_GT(tls->certificate_ends(), before) << "what was loaded before stays";
}

TEST(Tls, SaysWhichFileIsAtFault) {
  TestAuthority authority;
  const auto us = authority.issue("us");
  const auto other = authority.issue("other");
  const auto open = authority.issue("open");
  ASSERT_EQ(::chmod(open.key_file.c_str(), 0640), 0);
  const struct {
    TlsFiles files;
    std::string field;
    std::string says;
  } rows[] = {
      {{.ca_file = authority.file("none.pem")}, "ca_file", "none.pem"},
      {{.ca_file = us.key_file}, "ca_file", "us.key"},
      {{.certificate_file = authority.file("none.pem"), .key_file = us.key_file}, "certificate_file", "none.pem"},
      {{.certificate_file = us.certificate_file, .key_file = authority.file("none.key")}, "key_file", "none.key"},
      {{.certificate_file = us.certificate_file, .key_file = other.key_file}, "key_file", "belong to the certificate"},
      {{.certificate_file = open.certificate_file, .key_file = open.key_file}, "key_file", "chmod 600"},
  };
  for (const auto& row : rows) {
    for (const auto side : {Tls::Side::client, Tls::Side::server}) {
      if (side == Tls::Side::server && row.files.certificate_file.empty()) continue;
      const auto made = Tls::make(side, row.files);
      ASSERT_FALSE(made) << row.says;
      EXPECT_EQ(made.error().code, ErrorCode::configuration_invalid);
      EXPECT_EQ(made.error().field, row.field);
      EXPECT_THAT(made.error().detail, HasSubstr(row.says));
    }
  }
  EXPECT_TRUE(Tls::make(Tls::Side::client, {}).value()->certificate_ends() == std::nullopt);
}

}  // namespace
}  // namespace acquit::net
