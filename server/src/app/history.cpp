#include "app/history.h"

#include <date/date.h>
#include <fmt/format.h>

#include <utility>

#include "app/period.h"
#include "base/utf8.h"
#include "http/shown_url.h"
#include "reporting/payment_story.h"

namespace acquit::app {
namespace {

constexpr std::size_t kShownBytes = 120;

std::string payment_lines(const payments::Payment& payment) {
  std::string out = fmt::format("payment {}\n  shop {}, {}, {}, order {}\n", payment.id.to_string(),
                                base::to_string(payment.shop), merchants::to_string(payment.mode),
                                payment.amount.to_text(), payment.reference.empty() ? "-" : payment.reference);
  if (!payment.key.empty()) out += fmt::format("  {} {}\n", payment.protocol, payment.key);
  if (!payment.notification_url.empty())
    out += "  own notification URL " + http::shown_url(payment.notification_url) + "\n";
  if (!payment.buyer.address_country.empty())
    out += "  the buyer's address is in " + payment.buyer.address_country + "\n";
  return out + fmt::format("  made {}, {}\n", moment_text(payment.created_at),
                           payment.ended_at ? "ended " + moment_text(*payment.ended_at) : std::string("not ended"));
}

std::string operation_line(const payments::Operation& operation) {
  const std::string states =
      operation.before == operation.after
          ? std::string(payments::to_string(operation.after))
          : fmt::format("{} > {}", payments::to_string(operation.before), payments::to_string(operation.after));
  std::string out = fmt::format("    {}  {:<12} {:<16} {}", moment_text(operation.at), base::to_text(operation.actor),
                                operation.event, states);
  if (operation.amount.minor() != 0) out += ", " + operation.amount.to_text();
  if (!operation.detail.empty()) out += ", " + operation.detail;
  return out + "\n";
}

// What the table of card ranges said, if it said anything.
std::string card_line(const payments::CardFacts& facts) {
  std::string out;
  const auto say = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) out += (out.empty() ? "  card: " : ", ") + std::string(what) + " " + value;
  };
  say("country", facts.country);
  say("product", facts.product);
  say("nature", facts.nature);
  say("category", facts.category);
  say("bank", facts.bank_code);
  say("called", facts.bank_label);
  return out.empty() ? out : out + "\n";
}

std::string transaction_lines(const reporting::TransactionStory& story) {
  const payments::Transaction& transaction = story.transaction;
  std::string out =
      fmt::format("\ntransaction {}\n  {}, {}, {}", transaction.id.to_string(), payments::to_string(transaction.kind),
                  payments::to_string(transaction.state), transaction.amount.to_text());
  if (!transaction.method.empty()) out += fmt::format(", {} {}", transaction.method, transaction.card.masked);
  if (!transaction.answer.response_code.empty()) out += ", answer " + transaction.answer.response_code;
  if (!transaction.answer.authorisation_code.empty()) out += ", authorisation " + transaction.answer.authorisation_code;
  out += "\n" + card_line(transaction.card.facts) + "  operations\n";
  for (const payments::Operation& operation : story.operations) out += operation_line(operation);
  out += "  notifications\n";
  for (const notifications::Delivery& delivery : story.deliveries) out += "    " + delivery_line(delivery) + "\n";
  for (const platform::OutboxMessage& message : story.waiting) out += "    to be sent: " + message.payload + "\n";
  if (story.deliveries.empty() && story.waiting.empty()) out += "    none\n";
  return out;
}

}  // namespace

std::string delivery_line(const notifications::Delivery& delivery) {
  const std::string status = delivery.http_status == 0 ? "no answer" : "HTTP " + std::to_string(delivery.http_status);
  const std::string_view verdict = delivery.is_doubtful() ? "SENT, doubtful" : delivery.succeeded ? "SENT" : "FAILED";
  std::string answer = delivery.response.substr(0, kShownBytes);
  while (!base::is_valid_utf8(answer)) answer.pop_back();
  return fmt::format("{}  {} {} #{} {} {}, {} ms, {}, \"{}\"", moment_text(delivery.at),
                     merchants::to_string(delivery.rule), notifications::to_string(delivery.telling), delivery.attempt,
                     verdict, status, delivery.duration.count(), delivery.target, answer);
}

base::Result<std::string> history(Desk& desk, const PaymentOptions& options) {
  ACQUIT_TRY(const auto found, find_named(desk, options));
  return story_of(desk, found);
}

base::Result<std::string> story_of(Desk& desk, const payments::WholePayment& whole) {
  const payments::Services& services = desk.services();
  ACQUIT_TRY(const reporting::PaymentStory story, base::sync_wait(services.database.read([&](db::ReadTx& tx) {
               return reporting::story_of(services, tx, whole);
             })));
  std::string out = payment_lines(story.payment);
  for (const reporting::TransactionStory& one : story.transactions) out += transaction_lines(one);
  return out;
}

}  // namespace acquit::app
