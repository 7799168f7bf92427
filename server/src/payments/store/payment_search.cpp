#include "payments/store/payment_search.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/percent.h"
#include "db/statement.h"
#include "platform/i18n/fold.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

const db::Statement kByReference = db::load_statement(embedded::sql_payments(), "search.by_reference");
const db::Statement kByEmail = db::load_statement(embedded::sql_payments(), "search.by_email");
const db::Statement kByLastFour = db::load_statement(embedded::sql_payments(), "search.by_last_four");
const db::Statement kByTime = db::load_statement(embedded::sql_payments(), "search.by_time");

constexpr std::size_t kLastDigits = 4;
constexpr std::string_view kAfterAllIds = "g";  // Ids are hex digits.

std::string end_of(const Search& search) {
  std::string end(kAfterAllIds);
  if (search.until) end = std::min(end, base::first_id_at(*search.until));
  if (search.before) end = std::min(end, search.before->hex());
  return end;
}

// Over the index of what is rarest among the things that are given.
base::Result<db::Rows> find_ids(db::ReadTx& tx, const Search& search) {
  const std::int64_t shop = search.shop.value();
  const std::string begin = search.from ? base::first_id_at(*search.from) : std::string();
  const std::string end = end_of(search);
  const std::string email = email_key(search.email);
  const int limit = search.limit + 1;
  if (!search.reference.empty()) {
    return tx.query(kByReference, {shop, search.reference, begin, end, limit, email, search.last_four});
  }
  if (!email.empty()) return tx.query(kByEmail, {shop, email, begin, end, limit, search.last_four});
  if (!search.last_four.empty()) return tx.query(kByLastFour, {shop, search.last_four, begin, end, limit});
  return tx.query(kByTime, {shop, begin, end, limit});
}

}  // namespace

base::Result<void> check_search(const Search& search) {
  const auto bad = [](const std::string& field, const std::string& words) {
    return base::fail(base::ErrorCode::field_format, words, field);
  };
  const std::string& last = search.last_four;
  if (!last.empty() && (last.size() != kLastDigits || !base::is_digits(last))) {
    return bad("last_four", "must be the last four digits of the card, and nothing else");
  }
  if (!search.email.empty() && !search.email.contains('@')) return bad("email", "must be the whole address");
  if (search.limit < 1 || search.limit > kSearchMax) {
    return bad("limit", "must be from 1 to " + std::to_string(kSearchMax));
  }
  return {};
}

base::Result<SearchPage> find_payments(const PaymentStore& store, db::ReadTx& tx, const Search& search) {
  ACQUIT_CHECK(check_search(search));
  ACQUIT_TRY(const db::Rows rows, find_ids(tx, search));
  SearchPage page;
  std::vector<PaymentId> ids;
  for (const db::Row& row : rows) {
    if (ids.size() == static_cast<std::size_t>(search.limit)) {
      page.has_more = true;
      break;
    }
    const auto id = PaymentId::parse(row.text(0));
    if (!id) return base::fail(base::ErrorCode::internal, "the database holds an unknown payment id");
    ids.push_back(*id);
  }
  ACQUIT_TRY(page.payments, store.find_wholes(tx, search.shop, ids));
  return page;
}

std::string email_key(std::string_view email) {
  return base::ascii_lower(base::percent_encode(i18n::fold_case(base::trim(email))));
}

}  // namespace acquit::payments
