// TestAuthority: makes certificates for tests, at run time, so that none lies in the repository and none runs out.
//
// Owns a folder of its own with all files it wrote, and removes it. For tests only; one thread.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "net/tls.h"

namespace acquit::net::testing {

class TestAuthority {
 public:
  static constexpr long kHour = 3'600;

  explicit TestAuthority(const std::string& name = "Test CA") : key_(EVP_EC_gen("P-256")) {
    certificate_ = sign(*key_, {.common_name = name, .name = "", .ends_in_s = 24 * kHour}, /*authority=*/true);
    write_certificate(file("ca.pem"));
  }
  ~TestAuthority() { std::filesystem::remove_all(folder_); }
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  struct Wish {
    std::string common_name = "test";
    std::string name = "IP:127.0.0.1";  ///< As OpenSSL writes alternative names; empty: none.
    long ends_in_s = 24 * kHour;
  };
  [[nodiscard]] std::string ca_file() const { return file("ca.pem"); }
  /// A new key and its certificate; the files are `what`.pem and `what`.key.
  TlsFiles issue(const std::string& what) { return issue(what, Wish{}); }
  TlsFiles issue(const std::string& what, const Wish& wish) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = sign(*key, wish, /*authority=*/false);
    const TlsFiles files{
        .ca_file = ca_file(), .certificate_file = file(what + ".pem"), .key_file = file(what + ".key")};
    const File out(std::fopen(files.certificate_file.c_str(), "w"));
    const File key_out(std::fopen(files.key_file.c_str(), "w"));
    EXPECT_EQ(::chmod(files.key_file.c_str(), 0600), 0);
    EXPECT_EQ(PEM_write_X509(out.get(), certificate.get()), 1);
    EXPECT_EQ(PEM_write_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
    return files;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;
  using File = std::unique_ptr<std::FILE, Free>;

  Certificate sign(EVP_PKEY& key, const Wish& wish, bool authority) {
    Certificate made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -2 * 24 * kHour);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.ends_in_s);
    X509_set_pubkey(made.get(), &key);
    X509_NAME* const subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), authority ? subject : X509_get_subject_name(certificate_.get()));
    if (authority) extend(*made, NID_basic_constraints, "critical,CA:TRUE");
    if (!wish.name.empty()) extend(*made, NID_subject_alt_name, wish.name);
    EXPECT_GT(X509_sign(made.get(), key_.get(), EVP_sha256()), 0);
    return made;
  }
  static void extend(X509& certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    X509_add_ext(&certificate, extension.get(), -1);
  }
  void write_certificate(const std::string& path) const {
    const File out(std::fopen(path.c_str(), "w"));
    EXPECT_EQ(PEM_write_X509(out.get(), certificate_.get()), 1);
  }

  std::filesystem::path folder_ = [] {
    std::string name = std::filesystem::temp_directory_path() / "acquit-ca-XXXXXX";
    return std::filesystem::path(::mkdtemp(name.data()));
  }();
  Key key_;
  Certificate certificate_;
  int serial_ = 0;
};

}  // namespace acquit::net::testing
