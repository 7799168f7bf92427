#include "bench/load.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/clock.h"
#include "base/form_fields.h"
#include "base/number.h"
#include "base/task.h"
#include "net/loop.h"
#include "net/stream.h"
#include "payments/nouns/calendar.h"
#include "protocols/vads/signature.h"

namespace acquit::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr base::Milliseconds kLimit{30'000};

std::string with_check_digit(const std::string& digits) {
  for (char check = '0'; check <= '9'; ++check) {
    if (base::luhn_valid(digits + check)) return digits + check;
  }
  return digits;
}

// Six letters and digits, unlike for each number.
std::string trans_id(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string id(6, '0');
  for (std::size_t i = 6; i-- > 0; number /= 36) id[i] = kDigits[number % 36];
  return id;
}

std::string form_body(std::uint64_t number, const std::string& date) {
  std::string middle = std::to_string(number % 1'000'000'000);
  middle.insert(0, 9 - middle.size(), '0');
  base::FormFields fields{{"vads_action_mode", "SILENT"},
                          {"vads_amount", std::to_string(1000 + number % 9000)},
                          {"vads_card_number", with_check_digit("497200" + middle)},
                          {"vads_ctx_mode", "TEST"},
                          {"vads_currency", "978"},
                          {"vads_cust_email", "client@example.com"},
                          {"vads_cvv", "123"},
                          {"vads_expiry_month", "12"},
                          {"vads_expiry_year", "2039"},
                          {"vads_order_id", "bench-" + std::to_string(number)},
                          {"vads_page_action", "PAYMENT"},
                          {"vads_payment_cards", "CB"},
                          {"vads_payment_config", "SINGLE"},
                          {"vads_site_id", "69876357"},
                          {"vads_trans_date", date},
                          {"vads_trans_id", trans_id(number)},
                          {"vads_url_return", "http://127.0.0.1/return"},
                          {"vads_version", "V2"}};
  static const base::SecretKey kKey("1122334455667788");
  const std::string signature = vads::sign(fields, kKey, merchants::SignatureAlgorithm::hmac_sha256);
  fields.emplace_back("signature", signature);
  return base::to_form(fields);
}

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options), loop_(1), next_(options.first) {}

  base::Result<LoadResult> run() {
    loop_.run_in_background();
    date_ = payments::to_compact(base::OsClock().now());
    start_ = Clock::now();
    for (int i = 0; i < options_.connections; ++i) {
      ++running_;
      base::spawn(connection(), [this] { --running_; });
    }
    while (running_ > 0)
      std::this_thread::yield(),
          std::this_thread::sleep_for(std::chrono::milliseconds(5));  // tidy: waits for threads of its own
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    loop_.stop();
    if (accepted_ == 0) return base::fail(base::ErrorCode::internal, "no payment was accepted: " + first_failure_);
    std::ranges::sort(latencies_us_);
    const auto at = [&](double q) {
      return static_cast<double>(
                 latencies_us_[static_cast<std::size_t>(q * static_cast<double>(latencies_us_.size() - 1))]) /
             1000.0;
    };
    return LoadResult{.accepted = accepted_,
                      .failed = failed_,
                      .seconds = seconds,
                      .p50_ms = at(0.5),
                      .p99_ms = at(0.99),
                      .next = next_,
                      .first_failure = first_failure_};
  }

 private:
  base::Task<void> connection() {
    co_await loop_.hop();
    auto stream = co_await net::connect(loop_, options_.server, kLimit);
    if (!stream) {
      fail(stream.error().detail);
      co_return;
    }
    while (Clock::now() - start_ < options_.duration) {
      const std::uint64_t number = next_++;
      auto planned = Clock::now();
      if (options_.rate > 0) {
        // Open loop: each payment has its moment, and waiting for a late one counts as latency.
        planned = start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                               static_cast<double>(number - options_.first) / options_.rate));
        if (planned - start_ >= options_.duration) break;
        const auto wait = std::chrono::duration_cast<base::Milliseconds>(planned - Clock::now());
        if (wait.count() > 0) co_await loop_.sleep(wait);
      }
      if (!co_await pay(**stream, number, planned)) break;
    }
    (*stream)->close();
  }

  base::Task<bool> pay(net::Stream& stream, std::uint64_t number, Clock::time_point planned) {
    const std::string body = form_body(number, date_);
    auto written = co_await stream.write(
        "POST /vads-payment/ HTTP/1.1\r\nHost: bench\r\nContent-Type: "
        "application/x-www-form-urlencoded\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body,
        kLimit);
    if (!written) {
      fail(written.error().detail);
      co_return false;
    }
    std::string answer;
    std::size_t whole = std::string::npos;
    while (answer.size() < whole) {
      auto more = co_await stream.read_some(65536, kLimit);
      if (!more) {
        fail(more.error().detail);
        co_return false;
      }
      answer += *more;
      const std::size_t end = answer.find("\r\n\r\n");
      if (whole != std::string::npos || end == std::string::npos) continue;
      const std::string head = base::ascii_lower(std::string_view(answer).substr(0, end));
      const std::size_t length = head.find("content-length: ");
      if (length == std::string::npos) {
        fail("an answer without length");
        co_return false;
      }
      const std::size_t digits = length + 16;
      whole = end + 4 +
              *base::parse_int<std::size_t>(
                  std::string_view(head).substr(digits, head.find_first_not_of("0123456789", digits) - digits));
    }
    finish(answer, Clock::now() - planned);
    co_return true;
  }

  void finish(const std::string& answer, Clock::duration took) {
    const bool accepted = answer.starts_with("HTTP/1.1 303") && answer.find("AUTHORISED") != std::string::npos;
    if (!accepted) return fail(answer.substr(0, 300));
    const std::lock_guard lock(mutex_);
    ++accepted_;
    latencies_us_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  }

  void fail(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (failed_++ == 0) first_failure_ = why;
  }

  LoadOptions options_;
  net::Loop loop_;
  std::string date_;
  Clock::time_point start_;
  std::atomic<std::uint64_t> next_;
  std::atomic<int> running_ = 0;
  std::mutex mutex_;
  std::uint64_t accepted_ = 0;
  std::uint64_t failed_ = 0;
  std::string first_failure_;
  std::vector<std::int64_t> latencies_us_;
};

}  // namespace

base::Result<LoadResult> run_load(const LoadOptions& options) { return Load(options).run(); }

}  // namespace acquit::bench
