#include "app/bank_lines.h"

#include <utility>

#include "app/settings.h"
#include "base/log.h"

namespace acquit::app {

base::Result<void> BankLines::start(const platform::Config& config, int node) {
  auto options = acquirer_options(config);
  options.node = node;
  const std::string& test_address = config.text("acquirer.test_address");
  if (!options.address.empty()) ACQUIT_CHECK(open(real_, config, options));
  if (!test_address.empty()) {
    options.address = test_address;
    ACQUIT_CHECK(open(test_, config, std::move(options)));
  }
  tests_on_real_ = !config.flag("server.production") && test_address.empty();
  if (lines().test == nullptr) {
    base::log::warning("no_test_acquirer", {{"detail", "payments in TEST can't be made; set acquirer.test_address"}});
  }
  certificates_.watch();
  return {};
}

base::Result<void> BankLines::open(Line& line, const platform::Config& config, iso8583::Iso8583Options options) {
  if (speaks_tls(config)) {
    ACQUIT_TRY(options.end, tls_end(config, &line == &test_));
    line.tls = options.end.tls;
    certificates_.add(line.name, line.tls);
    if (!line.tls->certificate_ends()) {
      base::log::warning("acquirer_no_client_certificate",
                         {{"line", line.name}, {"detail", "set acquirer.tls_certificate_file and .tls_key_file"}});
    }
  } else {
    base::log::warning("acquirer_line_in_clear", {{"line", line.name},
                                                  {"address", options.address},
                                                  {"detail", "card numbers travel to it in clear; set acquirer.tls"}});
  }
  line.acquirer.emplace(loop_, clock_, random_, std::move(options));
  line.acquirer->on_late_approval(heard_);
  return line.acquirer->start();
}

payments::AcquirerLines BankLines::lines() {
  payments::AcquirerLines lines;
  if (real_.acquirer) lines.production = &*real_.acquirer;
  if (test_.acquirer) lines.test = &*test_.acquirer;
  if (tests_on_real_) lines.test = lines.production;
  return lines;
}

void BankLines::use_node(int node) {
  for (Line* const line : {&real_, &test_}) {
    if (line->acquirer) line->acquirer->use_node(node);
  }
}

bool BankLines::in_clear() const { return (real_.acquirer && !real_.tls) || (test_.acquirer && !test_.tls); }

void BankLines::stop() {
  for (Line* const line : {&real_, &test_}) {
    if (line->acquirer) base::sync_wait(line->acquirer->stop());
  }
}

}  // namespace acquit::app
