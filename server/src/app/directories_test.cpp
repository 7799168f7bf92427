#include "app/directories.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/manual_clock.h"
#include "http/server.h"
#include "net/testing/certificates.h"

namespace acquit::app {
namespace {

using base::sync_wait;
using merchants::Mode;
constexpr long kDay = 24 * 3'600;

// Nobody's card.
const base::Pan& card() {
  static const base::Pan kCard("4970100000000055");
  return kCard;
}

class DirectoriesTest : public testing::Test {
 protected:
  DirectoriesTest() { loop_.run_in_background(); }
  ~DirectoriesTest() override {
    directories_.stop();
    for (auto* const server : {&real_, &test_}) {
      if (*server) (*server)->stop(base::Milliseconds{10'000});
    }
    loop_.stop();
  }
  // A directory that wants a certificate of that authority; it counts who got in.
  std::unique_ptr<http::Server> serve(net::testing::TestAuthority& authority, std::atomic<int>& asked) {
    const net::TlsFiles theirs = authority.issue("directory");
    return http::Server::start({.listen = "127.0.0.1:0",
                                .certificate_file = theirs.certificate_file,
                                .key_file = theirs.key_file,
                                .client_ca_file = theirs.ca_file},
                               loop_, random_,
                               [&asked](const http::Request&) {
                                 ++asked;
                                 return answer();
                               })
        .value();
  }
  static base::Task<http::Response> answer() { co_return http::Response::text(503, "later"); }
  static std::vector<std::string> files(const std::string& prefix, const net::TlsFiles& files) {
    return {"threeds." + prefix + "ca_file=" + files.ca_file,
            "threeds." + prefix + "certificate_file=" + files.certificate_file,
            "threeds." + prefix + "key_file=" + files.key_file};
  }
  base::Result<void> open(std::vector<std::string> overrides, const std::vector<std::string>& more = {}) {
    overrides.insert(overrides.end(), more.begin(), more.end());
    return directories_.open(platform::Config::load("", overrides).value());
  }
  void ask(Mode mode) { static_cast<void>(sync_wait(directories_.of(mode).find_enrolment(card()))); }

  net::Loop loop_{2};
  base::OsClock clock_;
  base::SeededRandom random_{1};
  net::testing::TestAuthority authority_;
  net::testing::TestAuthority test_authority_{"CA of tests"};
  std::atomic<int> asked_ = 0;
  std::atomic<int> test_asked_ = 0;
  std::unique_ptr<http::Server> real_;
  std::unique_ptr<http::Server> test_;
  Directories directories_{loop_, clock_, random_};
};

TEST_F(DirectoriesTest, AreAskedWithTheCertificateByWhichEachKnowsUs) {
  real_ = serve(authority_, asked_);
  test_ = serve(test_authority_, test_asked_);
  auto settings = files("", authority_.issue("us"));
  settings.insert(settings.end(),
                  {"threeds.directory_url=" + real_->url(), "threeds.test_directory_url=" + test_->url()});
  ASSERT_TRUE(open(settings, files("test_", test_authority_.issue("us"))));
  ask(Mode::production);
  EXPECT_EQ(asked_, 1);
  ask(Mode::test);
  EXPECT_EQ(test_asked_, 1);
  EXPECT_EQ(asked_, 1);
}

TEST_F(DirectoriesTest, OfTestsTakeTheCertificateForTheOtherUnlessTheyHaveTheirOwn) {
  test_ = serve(authority_, test_asked_);
  auto settings = files("", authority_.issue("us"));
  settings.insert(settings.end(),
                  {"threeds.directory_url=https://127.0.0.1:1/", "threeds.test_directory_url=" + test_->url()});
  ASSERT_TRUE(open(settings));
  ask(Mode::test);
  EXPECT_EQ(test_asked_, 1);
}

TEST_F(DirectoriesTest, SeeANewCertificateAfterAReload) {
  real_ = serve(authority_, asked_);
  const net::TlsFiles us = test_authority_.issue("us");
  auto settings = files("", {authority_.ca_file(), us.certificate_file, us.key_file});
  settings.push_back("threeds.directory_url=" + real_->url());
  ASSERT_TRUE(open(settings));
  ask(Mode::production);
  EXPECT_EQ(asked_, 0) << "a stranger's";
  const net::TlsFiles known = authority_.issue("us");
  std::filesystem::rename(known.certificate_file, us.certificate_file);
  std::filesystem::rename(known.key_file, us.key_file);
  directories_.reload();
  static_cast<void>(sync_wait(directories_.of(Mode::production).refresh_ranges()));
  EXPECT_EQ(asked_, 1);
}

TEST_F(DirectoriesTest, NameTheKeyOfAFileThatIsWrong) {
  const net::TlsFiles us = authority_.issue("us");
  const net::TlsFiles other = authority_.issue("other");
  const net::TlsFiles old = authority_.issue("old", {.ends_in_s = -60});
  const net::TlsFiles open_to_all = authority_.issue("open");
  std::filesystem::permissions(open_to_all.key_file, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const struct {
    std::vector<std::string> pairs;
    std::string key;
    std::string_view rule;
  } rows[] = {
      {{"threeds.ca_file=none.pem"}, "threeds.ca_file", "readable PEM file"},
      {{"threeds.certificate_file=none.pem"}, "threeds.certificate_file", "readable PEM file"},
      {{"threeds.key_file=none.key"}, "threeds.key_file", "readable PEM file"},
      {{"threeds.key_file=" + other.key_file}, "threeds.key_file", "belong to the certificate"},
      {files("", open_to_all), "threeds.key_file", "chmod 600"},
      {files("", old), "threeds.certificate_file", "has ended"},
      {{"threeds.test_ca_file=none.pem"}, "threeds.test_ca_file", "readable PEM file"},
      {{"threeds.test_certificate_file=none.pem"}, "threeds.test_certificate_file", "readable PEM file"},
      {{"threeds.test_key_file=" + other.key_file}, "threeds.test_key_file", "belong to the certificate"},
  };
  for (const auto& row : rows) {
    auto settings = files("", us);
    settings.emplace_back("threeds.directory_url=https://ds.example");
    const auto opened = open(settings, row.pairs);
    ASSERT_FALSE(opened) << row.key;
    EXPECT_EQ(opened.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_EQ(opened.error().field, row.key);
    EXPECT_TRUE(opened.error().detail.starts_with(row.key + ": ")) << opened.error().detail;
    EXPECT_NE(opened.error().detail.find(row.rule), std::string::npos) << opened.error().detail;
  }
}

TEST_F(DirectoriesTest, KnowWhenTheFirstCertificateEnds) {
  auto settings = files("", authority_.issue("us", {.ends_in_s = 9 * kDay + 60}));
  settings.emplace_back("threeds.directory_url=https://ds.example");
  EXPECT_TRUE(open({}));
  EXPECT_FALSE(directories_.certificate_days_left()) << "none";
  ASSERT_TRUE(open(settings));
  EXPECT_EQ(directories_.certificate_days_left(), 9);
  ASSERT_TRUE(open(settings, files("test_", authority_.issue("test", {.ends_in_s = 5 * kDay + 60}))));
  EXPECT_EQ(directories_.certificate_days_left(), 5);
  EXPECT_TRUE(directories_.fit());
}

TEST_F(DirectoriesTest, OfTestsMayHaveACertificateThatHasEnded) {
  auto settings = files("", authority_.issue("us"));
  settings.emplace_back("threeds.directory_url=https://ds.example");
  ASSERT_TRUE(open(settings, files("test_", authority_.issue("test", {.ends_in_s = -60}))));
  EXPECT_EQ(directories_.certificate_days_left(), -1);
  EXPECT_TRUE(directories_.fit());
}

TEST_F(DirectoriesTest, AreUnfitOnceTheCertificateForRealPaymentsHasEnded) {
  base::ManualClock clock(clock_.now());
  Directories directories(loop_, clock, random_);
  auto settings = files("", authority_.issue("us", {.ends_in_s = kDay}));
  settings.emplace_back("threeds.directory_url=https://ds.example");
  ASSERT_TRUE(directories.open(platform::Config::load("", settings).value()));
  EXPECT_TRUE(directories.fit());
  clock.advance(std::chrono::hours{25});
  EXPECT_FALSE(directories.fit());
}

}  // namespace
}  // namespace acquit::app
