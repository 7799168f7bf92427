// A server that wants a certificate of each client, as directory servers of 3-D Secure bring theirs.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "base/executor.h"
#include "base/random.h"
#include "base/testing/eventually.h"
#include "http/client.h"
#include "http/server.h"
#include "net/stream.h"
#include "net/testing/certificates.h"

namespace acquit::http {
namespace {

using base::Milliseconds;
using base::sync_wait;
using net::testing::TestAuthority;
constexpr Milliseconds kLong{10'000};

class TlsClientsTest : public testing::Test {
 protected:
  TlsClientsTest() { loop_.run_in_background(); }
  ~TlsClientsTest() override {
    if (server_) server_->stop(kLong);
    loop_.stop();
  }
  void serve(std::vector<std::string> names = {}, Milliseconds header_time = kLong) {
    const net::TlsFiles us = authority_.issue("server");
    server_ = Server::start({.listen = "127.0.0.1:0",
                             .certificate_file = us.certificate_file,
                             .key_file = us.key_file,
                             .client_ca_file = authority_.ca_file(),
                             .client_names = std::move(names),
                             .header_time = header_time},
                            loop_, random_, [this](const Request&) { return answer(); })
                  .value();
  }
  base::Task<Response> answer() {
    ++answered_;
    co_return Response::text(200, "come in");
  }
  bool lets_in(const net::TlsFiles& files) { return lets_in(*client_with(files)); }
  bool lets_in(Client& client) {
    const int before = answered_;
    const auto response = sync_wait(client.send({.url = server_->url() + "/", .body = "x"}));
    EXPECT_EQ(response.has_value(), answered_ > before);
    return response.has_value();
  }
  std::unique_ptr<Client> client_with(const net::TlsFiles& files) {
    ours_ = net::Tls::make(net::Tls::Side::client, {.ca_file = authority_.ca_file(),
                                                    .certificate_file = files.certificate_file,
                                                    .key_file = files.key_file})
                .value();
    return Client::make({.allow_private_addresses = true, .tls = ours_}, loop_);
  }

  net::Loop loop_{2};
  base::SeededRandom random_{1};
  TestAuthority authority_;
  TestAuthority stranger_{"Another CA"};
  std::shared_ptr<net::Tls> ours_;
  std::atomic<int> answered_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(TlsClientsTest, LetsInOnlyWhoHasACertificateOfTheAuthority) {
  serve();
  EXPECT_TRUE(lets_in(authority_.issue("directory")));
  EXPECT_EQ(server_->counters().handshakes_failed, 0U);
  EXPECT_FALSE(lets_in({}));
  EXPECT_FALSE(lets_in(stranger_.issue("directory")));
  EXPECT_FALSE(lets_in(authority_.issue("old", {.ends_in_s = -60})));
  // A client may know first.
  EXPECT_TRUE(base::testing::eventually([&] { return server_->counters().handshakes_failed == 3; }));
  EXPECT_TRUE(lets_in(authority_.issue("directory"))) << "the others changed nothing";
}

TEST_F(TlsClientsTest, HoldsTheCertificateAgainstTheListOfNames) {
  serve({"ds.example", "other.example"});
  const struct {
    TestAuthority::Wish wish;
    bool in;
  } rows[] = {
      {{.name = "DNS:ds.example"}, true},
      {{.name = "DNS:x.example,DNS:other.example"}, true},
      {{.common_name = "ds.example", .name = ""}, true},
      {{.name = "DNS:DS.EXAMPLE"}, true},
      {{.name = "DNS:evil.example"}, false},
      {{.name = "DNS:ds.example.evil"}, false},
      {{.name = "DNS:*.example"}, false},
      {{.common_name = "ds.example", .name = "DNS:evil.example"}, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(lets_in(authority_.issue("directory", row.wish)), row.in) << row.wish.common_name << " " << row.wish.name;
  }
}

TEST_F(TlsClientsTest, AsksAnewOnceTheAuthorityChanged) {
  serve();
  const net::TlsFiles directory = authority_.issue("directory");
  ASSERT_TRUE(lets_in(directory));
  std::filesystem::copy_file(stranger_.ca_file(), authority_.file("other.pem"));
  std::filesystem::copy_file(authority_.ca_file(), authority_.file("kept.pem"));
  std::filesystem::rename(authority_.file("other.pem"), authority_.ca_file());
  ASSERT_TRUE(server_->reload_certificate());
  std::filesystem::rename(authority_.file("kept.pem"), authority_.ca_file());  // For the client's own check.
  EXPECT_FALSE(lets_in(directory));
  EXPECT_TRUE(lets_in(stranger_.issue("directory")));
}

TEST_F(TlsClientsTest, AClientShowsItsNewCertificateAfterAReloadAndKeepsTheOldOneWhereTheNewIsBad) {
  serve();
  const auto client = client_with(stranger_.issue("us"));
  EXPECT_FALSE(lets_in(*client));
  const net::TlsFiles known = authority_.issue("us");
  for (const std::string& file : {known.certificate_file, known.key_file}) {
    const std::string name = std::filesystem::path(file).filename();
    std::filesystem::copy_file(file, stranger_.file(name), std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_FALSE(lets_in(*client)) << "nothing was read again";
  ASSERT_TRUE(ours_->load());
  EXPECT_TRUE(lets_in(*client));
  std::filesystem::remove(stranger_.file("us.key"));
  EXPECT_FALSE(ours_->load());
  ASSERT_TRUE(server_->reload_certificate());
  EXPECT_TRUE(lets_in(*client));
}

TEST_F(TlsClientsTest, AClientTrustsNobodyButTheAuthorityThatItWasGiven) {
  serve();
  const net::TlsFiles us = authority_.issue("directory");
  const auto strange = net::Tls::make(
      net::Tls::Side::client,
      {.ca_file = stranger_.ca_file(), .certificate_file = us.certificate_file, .key_file = us.key_file});
  const auto client = Client::make({.allow_private_addresses = true, .tls = strange.value()}, loop_);
  const auto response = sync_wait(client->send({.url = server_->url() + "/", .body = "x"}));
  ASSERT_FALSE(response);
  EXPECT_TRUE(response.error().detail.starts_with("certificate not trusted: ")) << response.error().detail;
}

TEST_F(TlsClientsTest, DoesNotWaitForWhoNeverShakesHands) {
  serve();
  {
    const auto waiting = sync_wait(net::connect(loop_, server_->url().substr(8), kLong));
    ASSERT_TRUE(waiting);
    EXPECT_TRUE(lets_in(authority_.issue("directory"))) << "meanwhile others get in";
  }
  server_->stop(kLong);
  serve({}, Milliseconds(200));
  const auto silent = sync_wait(net::connect(loop_, server_->url().substr(8), kLong));
  ASSERT_TRUE(silent);
  EXPECT_FALSE(sync_wait((*silent)->read_some(1, kLong)));
}

TEST_F(TlsClientsTest, SaysThatTheAuthoritysFileCantBeRead) {
  const net::TlsFiles us = authority_.issue("server");
  const auto server = Server::start({.listen = "127.0.0.1:0",
                                     .certificate_file = us.certificate_file,
                                     .key_file = us.key_file,
                                     .client_ca_file = authority_.file("none.pem")},
                                    loop_, random_, [this](const Request&) { return answer(); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_EQ(server.error().field, "client_ca_file");
}

}  // namespace
}  // namespace acquit::http
