#include "app/lookup.h"

#include <fmt/format.h>

#include "app/history.h"
#include "app/payment_options.h"
#include "app/period.h"
#include "base/list.h"

namespace acquit::app {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> bad(const std::string& option, const std::string& what) {
  return base::fail(ErrorCode::field_format, option + ": " + what, option);
}

// Options are called as members of a search are, but for this.
std::string option_of(const std::string& field) { return "--" + (field == "last_four" ? "last4" : field); }

std::string line_of(const payments::WholePayment& found) {
  const payments::Payment& payment = found.payment;
  std::string out = fmt::format("{}  {}  {}  {}  order {}  {}", moment_text(payment.created_at), payment.id.to_string(),
                                merchants::to_string(payment.mode), payment.amount.to_text(),
                                payment.reference.empty() ? "-" : payment.reference,
                                payment.buyer.email.empty() ? "-" : payment.buyer.email);
  for (const payments::Transaction& transaction : found.transactions) {
    out += fmt::format("{} {} {}", &transaction == &found.transactions.front() ? " " : ",",
                       payments::to_string(transaction.kind), payments::to_string(transaction.state));
    if (!transaction.method.empty()) out += fmt::format(" {} {}", transaction.method, transaction.card.masked);
  }
  return out + "\n";
}

std::string named(const Lookup& lookup) {
  std::string out;
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) base::append_part(out, fmt::format("{} {}", option, value), ", ");
  };
  add("--order", lookup.order);
  add("--email", lookup.email);
  add("--last4", lookup.last4);
  add("--from", lookup.from);
  add("--to", lookup.to);
  add("--before", lookup.before);
  return out;
}

}  // namespace

bool Lookup::is_asked() const { return !named(*this).empty(); }

base::Result<payments::Search> parse_lookup(const std::string& shop, const Lookup& lookup) {
  ACQUIT_TRY(const base::ShopId id, parse_shop_option(shop));
  const auto before = payments::PaymentId::parse(lookup.before);
  if (!lookup.before.empty() && !before) return bad("--before", "must be the id of a payment: 32 hex digits");
  ACQUIT_TRY(const Period period, parse_period(lookup.from, lookup.to));
  payments::Search search{.shop = id,
                          .reference = lookup.order,
                          .email = lookup.email,
                          .last_four = lookup.last4,
                          .from = period.from,
                          .until = period.until,
                          .before = before,
                          .limit = lookup.limit};
  const auto checked = payments::check_search(search);
  if (!checked) return bad(option_of(checked.error().field), checked.error().detail);
  return search;
}

std::string to_text(const payments::SearchPage& page) {
  std::string out;
  for (const payments::WholePayment& found : page.payments) out += line_of(found);
  if (page.has_more) {
    out += fmt::format("{} payments, and older ones: the same with --before {}\n", page.payments.size(),
                       page.payments.back().payment.id.to_string());
  }
  return out;
}

base::Result<std::string> look_up(Desk& desk, const std::string& shop, const Lookup& lookup) {
  ACQUIT_TRY(const payments::Search search, parse_lookup(shop, lookup));
  const payments::Services& services = desk.services();
  ACQUIT_TRY(const payments::SearchPage page, base::sync_wait(services.database.read([&](db::ReadTx& tx) {
               return payments::find_payments(services.store, tx, search);
             })));
  if (page.payments.empty()) {
    return base::fail(ErrorCode::not_found, "shop " + shop + " has no payment that fits " + named(lookup));
  }
  if (page.payments.size() > 1 || page.has_more) return to_text(page);
  return story_of(desk, page.payments.front());
}

}  // namespace acquit::app
