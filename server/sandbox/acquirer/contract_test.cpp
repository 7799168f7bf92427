// The ISO 8583 connector against the sandbox's host, over loopback, in two wire formats, in clear and through TLS.
#include <unistd.h>

#include <filesystem>

#include "base/random.h"
#include "connectors/acquirer_contract.h"
#include "connectors/iso8583/client.h"
#include "net/testing/certificates.h"
#include "sandbox/acquirer/host.h"

namespace acquit::sandbox {
namespace {

using connectors::BankView;
using connectors::RigFault;

FaultKind kind_of(RigFault fault) {
  switch (fault) {
    case RigFault::silent: return FaultKind::silent;
    case RigFault::slow: return FaultKind::slow;
    case RigFault::garbage: return FaultKind::garbage;
    case RigFault::unreadable: return FaultKind::unreadable;
    case RigFault::mismatch: return FaultKind::mismatch;
    case RigFault::disconnect: return FaultKind::disconnect;
    case RigFault::duplicate: return FaultKind::duplicate;
    case RigFault::refuse: return FaultKind::refuse;
  }
  return FaultKind::refuse;
}

enum class Line : std::uint8_t { in_clear, encrypted };

class Iso8583Rig final : public connectors::AcquirerRig {
 public:
  Iso8583Rig(iso8583::WireFormat format, std::size_t links, Line line, base::Milliseconds limit)
      : journal_(std::filesystem::temp_directory_path() / ("acquit-bank-" + base::OsRandom().hex(8))) {
    loop_.run_in_background();
    host_options_ = {.format = format, .journal_path = journal_.string(), .slow_delay = limit * 3};
    net::TlsEnd end;
    if (line == Line::encrypted) {
      host_options_.tls = authority_.issue("bank");
      end = {.tls = net::Tls::make(net::Tls::Side::client, authority_.issue("us")).value(), .name = "127.0.0.1"};
    }
    start_bank();
    host_options_.address = "127.0.0.1:" + std::to_string(host_->port());
    acquirer_.emplace(loop_, clock_, random_,
                      iso8583::Iso8583Options{.address = host_options_.address,
                                              .end = std::move(end),
                                              .links = links,
                                              .format = format,
                                              .request_time_limit = limit,
                                              .reconnect_first = base::Milliseconds(10),
                                              .reconnect_most = base::Milliseconds(50),
                                              .wait_limit = base::Milliseconds(2'000)});
  }
  ~Iso8583Rig() override {
    stop_connector();
    stop_bank();
    loop_.stop();
    std::filesystem::remove(journal_);
  }

  connectors::Acquirer& acquirer() override { return *acquirer_; }
  bool connect() override { return acquirer_->start() && wait_until_ready(); }
  bool wait_until_ready() override { return base::sync_wait(acquirer_->wait_until_ready(base::Milliseconds(20'000))); }
  bool ready() override { return acquirer_->ready(); }
  void stop_connector() override { base::sync_wait(acquirer_->stop()); }
  void stop_bank() override {
    if (!host_) return;
    base::sync_wait(host_->stop());
    host_.reset();
  }
  void start_bank() override {
    auto started = AcquirerHost::start(loop_, clock_, host_options_);
    if (!started) throw std::runtime_error(started.error().detail);
    host_ = *std::move(started);
  }
  void order_fault(RigFault fault, std::size_t count) override { host_->order_fault(kind_of(fault), count); }
  void order_code(const std::string& code) override { host_->order_fault(FaultKind::code, 1, code); }
  std::size_t transactions_at_bank() override { return host_->snapshot().size(); }
  BankView at_bank(const std::string& reference) override {
    for (const BankTransaction& transaction : host_->snapshot()) {
      if (transaction.reference != reference) continue;
      return {.state = std::string(to_string(transaction.state)),
              .authorisation_code = transaction.authorisation_code,
              .captured_minor = transaction.captured_minor,
              .repeats =
                  transaction.repeated_authorisations + transaction.repeated_reversals + transaction.repeated_advices};
    }
    return {};
  }
  std::uint64_t late_answers() override { return acquirer_->counters().late_answers; }
  std::uint64_t unexpected_answers() override { return acquirer_->counters().unexpected_answers; }
  connectors::Card refused_card() override {
    return {.pan = base::Pan("4970100000000063"), .expiry_year = 2099, .expiry_month = 12};
  }

 private:
  net::testing::TestAuthority authority_;
  net::Loop loop_{2};
  base::OsClock clock_;
  base::SeededRandom random_{1};
  std::filesystem::path journal_;
  AcquirerHostOptions host_options_;
  std::unique_ptr<AcquirerHost> host_;
  std::optional<iso8583::Iso8583Acquirer> acquirer_;
};

connectors::RigMaker maker(std::string name, iso8583::WireFormat format, std::size_t links, Line line) {
  return {.name = std::move(name), .make = [format, links, line](base::Milliseconds limit) {
            return std::make_unique<Iso8583Rig>(format, links, line, limit);
          }};
}

}  // namespace
}  // namespace acquit::sandbox

namespace acquit::connectors {

INSTANTIATE_TEST_SUITE_P(Iso8583, AcquirerContract,
                         testing::Values(sandbox::maker("Ascii", {}, 1, sandbox::Line::in_clear),
                                         sandbox::maker("Encrypted", {}, 1, sandbox::Line::encrypted),
                                         sandbox::maker("BcdOverTwoLinks",
                                                        {.numerics = iso8583::Numerics::bcd,
                                                         .binaries = iso8583::Binaries::hex,
                                                         .bitmap_size = iso8583::BitmapSize::always_16,
                                                         .length_header = iso8583::LengthHeader::four_digits},
                                                        2, sandbox::Line::in_clear)),
                         [](const auto& info) { return info.param.name; });

}  // namespace acquit::connectors
