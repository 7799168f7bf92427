#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/executor.h"
#include "base/random.h"
#include "http/client.h"
#include "http/server.h"
#include "net/stream.h"

namespace acquit::http {
namespace {

using base::Milliseconds;
using base::sync_wait;
using base::Task;
constexpr Milliseconds kLong{10'000};

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A self-signed certificate for 127.0.0.1 with a new key, as PEM files.
void write_certificate(const std::string& certificate_file, const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  const std::unique_ptr<std::FILE, Free> out(std::fopen(certificate_file.c_str(), "w"));
  const std::unique_ptr<std::FILE, Free> key_out(std::fopen(key_file.c_str(), "w"));
  ASSERT_EQ(PEM_write_X509(out.get(), certificate.get()), 1);
  ASSERT_EQ(PEM_write_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    loop_.run_in_background();
    write_certificate(file("server.pem"), file("server.key"));
    std::filesystem::copy_file(file("server.pem"), file("trusted.pem"));
    serve(kLong);  // A busy machine may take its time over a handshake.
  }
  ~TlsTest() override {
    server_->stop(kLong);
    loop_.stop();
    std::filesystem::remove_all(directory_);
  }
  void serve(Milliseconds header_time) {
    auto server = Server::start({.listen = "127.0.0.1:0",
                                 .certificate_file = file("server.pem"),
                                 .key_file = file("server.key"),
                                 .header_time = header_time},
                                loop_, random_, [](Request request) -> Task<Response> {
                                  co_return Response::text(200, (request.secure ? "secure " : "plain ") + request.body);
                                });
    EXPECT_TRUE(server) << server.error().detail;
    if (server_) server_->stop(kLong);
    server_ = *std::move(server);
  }
  std::string file(const std::string& name) const { return directory_ / name; }
  // Over a connection of its own.
  base::Result<IncomingResponse> ask(const std::string& ca_file, std::string body = "") {
    return sync_wait(client_trusting(ca_file)->send({.url = server_->url() + "/", .body = std::move(body)}));
  }
  std::unique_ptr<Client> client_trusting(const std::string& ca_file) {
    const auto tls = net::Tls::make(net::Tls::Side::client, {.ca_file = ca_file});
    return Client::make({.allow_private_addresses = true, .tls = tls.value()}, loop_);
  }

  std::filesystem::path directory_ = [] {
    std::string name = std::filesystem::temp_directory_path() / "acquit-tls-XXXXXX";
    return std::filesystem::path(::mkdtemp(name.data()));
  }();
  net::Loop loop_{2};
  base::SeededRandom random_{1};
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, CarriesRequestsOfAnySize) {
  const std::string large(200'000, 'x');
  EXPECT_TRUE(server_->url().starts_with("https://"));
  for (const std::string& body : {std::string(), large}) {
    const auto response = ask(file("trusted.pem"), body);
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(response->body, "secure " + body);
  }
}

TEST_F(TlsTest, ClientRefusesACertificateThatNobodyVouchesFor) {
  const auto response = ask("");
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, base::ErrorCode::connection_failed);
  EXPECT_TRUE(response.error().detail.starts_with("certificate not trusted: 127.0.0.1:")) << response.error().detail;
}

TEST_F(TlsTest, ReloadGivesTheNewCertificateToNewConnections) {
  const auto old_client = client_trusting(file("trusted.pem"));
  const auto ask_old = [&] { return sync_wait(old_client->send({.url = server_->url() + "/", .body = "x"})); };
  ASSERT_TRUE(ask_old());
  write_certificate(file("server.pem"), file("server.key"));
  ASSERT_TRUE(server_->reload_certificate());
  EXPECT_TRUE(ask_old());  // On its old connection.
  EXPECT_FALSE(ask(file("trusted.pem")));
  EXPECT_TRUE(ask(file("server.pem")));
}

TEST_F(TlsTest, ReloadKeepsTheOldCertificateWhenTheNewOneIsBad) {
  std::filesystem::copy_file(file("server.pem"), file("kept.pem"));
  write_certificate(file("server.pem"), file("other.key"));
  const auto reloaded = server_->reload_certificate();
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_TRUE(ask(file("kept.pem")));
}

TEST_F(TlsTest, CutsOffWhoDoesNotShakeHands) {
  serve(Milliseconds(200));
  for (const std::string& bytes : {std::string(), std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\x16\x03", 2)}) {
    const auto stream = sync_wait(net::connect(loop_, server_->url().substr(8), kLong));
    ASSERT_TRUE(stream);
    ASSERT_TRUE(sync_wait((*stream)->write(bytes, kLong)));
    while (true) {
      const auto got = sync_wait((*stream)->read_some(4096, kLong));
      if (got) continue;
      EXPECT_EQ(got.error().code, base::ErrorCode::connection_failed);
      break;
    }
  }
}

}  // namespace
}  // namespace acquit::http
