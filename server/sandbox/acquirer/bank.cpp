#include "sandbox/acquirer/bank.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/number.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/private_data.h"
#include "connectors/iso8583/response_codes.h"
#include "sandbox/acquirer/test_cards.h"

namespace acquit::sandbox {

using connectors::Verdict;
using iso8583::Message;

namespace {

// Kinds of journal records, and their fields:
//   auth    trace reference merchant terminal card amount currency code authorisation_code authenticated verification
//   credit  the same
//   reverse trace          capture  reference amount          repeat  kind reference
constexpr std::string_view kAuth = "auth";
constexpr std::string_view kCredit = "credit";
constexpr std::string_view kReverse = "reverse";
constexpr std::string_view kCapture = "capture";
constexpr std::string_view kRepeat = "repeat";
constexpr std::size_t kTransactionFields = 12;

std::string text(const Message& message, int number) { return std::string(base::trim(message.get(number))); }
std::int64_t amount_of(const Message& message) { return base::parse_int<std::int64_t>(message.get(4)).value_or(0); }
bool is_verification(const Message& message) { return message.get(25) == "51" || amount_of(message) == 0; }

std::string trace_of(const Message& message) {
  return fmt::format("{}{}/{}", message.get(11), message.get(7), text(message, 42));
}

// DE 90: type 4, trace number 6, time 10, two institutions.
std::string original_of(const Message& message) {
  const std::string_view original = message.get(90);
  return original.size() < 20 ? std::string() : fmt::format("{}/{}", original.substr(4, 16), text(message, 42));
}

bool has(const Message& message, std::initializer_list<int> numbers) {
  return std::ranges::all_of(numbers, [&](int number) { return message.find(number).has_value(); });
}

std::string masked(std::string_view number) {
  if (number.size() < 13) return std::string(number.size(), 'X');
  return fmt::format("{}{}{}", number.substr(0, 6), std::string(number.size() - 10, 'X'),
                     number.substr(number.size() - 4));
}

bool is_authenticated(const Message& message) {
  const auto elements = iso8583::read_private_data(message.get(48));
  return elements && std::ranges::any_of(*elements, [](const auto& element) {
           return element.first == iso8583::kTagCavv && !element.second.empty();
         });
}

std::vector<std::string> transaction_record(std::string_view kind, const Message& request, std::string_view code,
                                            std::string_view authorisation_code) {
  return {std::string(kind),
          trace_of(request),
          text(request, 37),
          text(request, 42),
          text(request, 41),
          masked(request.get(2)),
          std::to_string(amount_of(request)),
          text(request, 49),
          std::string(code),
          std::string(authorisation_code),
          is_authenticated(request) ? "1" : "0",
          is_verification(request) ? "1" : "0"};
}

Message with_code(const Message& request, std::string_view code, std::string_view authorisation_code) {
  Message answer = iso8583::answer_to(request);
  answer.set(39, std::string(code));
  if (!authorisation_code.empty()) answer.set(38, std::string(authorisation_code));
  return answer;
}

}  // namespace

std::string_view to_string(BankState state) {
  switch (state) {
    case BankState::authorised: return "authorised";
    case BankState::declined: return "declined";
    case BankState::reversed: return "reversed";
    case BankState::captured: return "captured";
    case BankState::credited: return "credited";
  }
  return "";
}

base::Result<std::unique_ptr<Bank>> Bank::open(const base::Clock& clock, const std::string& journal_path) {
  auto bank = std::make_unique<Bank>(clock);
  if (journal_path.empty()) return bank;
  ACQUIT_TRY(Journal journal, Journal::open(journal_path, [&](const auto& entry) { return bank->apply(entry); }));
  bank->journal_ = std::move(journal);
  return bank;
}

std::vector<BankTransaction> Bank::snapshot() const {
  const std::lock_guard lock(mutex_);
  return transactions_;
}

Message Bank::answer(const Message& request) {
  const std::string_view family = std::string_view(request.mti()).substr(0, 3);
  if (family == "080") return with_code(request, "00", "");
  const std::lock_guard lock(mutex_);
  const Decision decision = decide(request);
  return with_code(request, decision.code, decision.authorisation_code);
}

Bank::Decision Bank::decide(const Message& request) {
  const std::string_view family = std::string_view(request.mti()).substr(0, 3);
  if (family == "010") return authorise(request, std::nullopt);
  if (family == "040") return reverse(request);
  if (family == "022") return advise(request);
  return {.code = "12", .authorisation_code = {}};
}

Message Bank::answer_with(const Message& request, std::string_view code) {
  const Verdict verdict = iso8583::verdict_of(code);
  const std::lock_guard lock(mutex_);
  if (!request.mti().starts_with("010")) {
    if (may_hold_money(verdict) || verdict == Verdict::duplicate) (void)decide(request);
    return with_code(request, code, "");
  }
  const bool holds = may_hold_money(verdict);
  const Decision decision = authorise(request, std::string(holds ? "00" : code));
  Message answer = with_code(request, code, decision.authorisation_code);
  if (verdict == Verdict::approved_partially) answer.set(4, fmt::format("{:012}", amount_of(request) / 2));
  return answer;
}

Message Bank::refuse(const Message& request) {
  if (!request.mti().starts_with("010")) return with_code(request, "96", "");
  const std::lock_guard lock(mutex_);
  return with_code(request, authorise(request, "05").code, "");
}

BankTransaction* Bank::find(std::string_view reference) {
  const auto found = by_reference_.find(std::string(reference));
  return found == by_reference_.end() ? nullptr : &transactions_[found->second];
}

// --- decisions ---

Bank::Decision Bank::authorise(const Message& request, std::optional<std::string> forced_code) {
  if (!has(request, {2, 3, 4, 7, 11, 14, 37, 41, 42, 49})) return {.code = "30", .authorisation_code = {}};
  const std::string trace = trace_of(request);
  if (const auto before = by_trace_.find(trace); before != by_trace_.end()) {
    // Another payment under a trace that was used in this second: two nodes that count alike.
    if (transactions_[before->second.index].reference != text(request, 37)) {
      return {.code = "94", .authorisation_code = {}};
    }
    return record({std::string(kRepeat), "auth", text(request, 37)}, before->second.decision);
  }
  // A declined attempt may be made again under its reference; anything else would be the same payment twice.
  const BankTransaction* known = find(text(request, 37));
  if (known != nullptr && known->state != BankState::declined) return {.code = "94", .authorisation_code = {}};
  Decision decision{.code = forced_code.value_or(issuer_code(request)), .authorisation_code = {}};
  if (reversed_traces_.contains(trace)) decision.code = "12";
  if (decision.code == "00") {
    decision.authorisation_code = fmt::format("{:06}", 100'000 + by_trace_.size() % 900'000);
  }
  return record(transaction_record(kAuth, request, decision.code, decision.authorisation_code), decision);
}

std::string Bank::issuer_code(const Message& request) const {
  const std::string_view number = request.get(2);
  const TestCard* card = find_test_card(number);
  if (card == nullptr && !base::luhn_valid(number)) return "14";
  if (expired(request.get(14))) return "54";
  if (card == nullptr) return "00";
  std::string code(card->code);
  switch (card->rule) {
    case CardRule::approve: return "00";
    case CardRule::decline: return code;
    case CardRule::decline_above_zero: return amount_of(request) == 0 ? "00" : code;
    case CardRule::require_authentication: return is_authenticated(request) ? "00" : code;
  }
  return code;
}

// YYMM; a card is good to the end of its month.
bool Bank::expired(std::string_view expiry) const {
  if (expiry.size() != 4) return true;
  const int year = 2000 + base::parse_int<int>(expiry.substr(0, 2)).value_or(0);
  const auto month = base::parse_int<unsigned>(expiry.substr(2)).value_or(0);
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(clock_.now()));
  const auto last = std::chrono::year(year) / std::chrono::month(month);
  return !last.ok() || last < today.year() / today.month();
}

Bank::Decision Bank::reverse(const Message& request) {
  const std::string trace = original_of(request);
  if (trace.empty()) return {.code = "30", .authorisation_code = {}};
  const auto original = by_trace_.find(trace);
  if (original == by_trace_.end()) {
    return record({std::string(kReverse), trace}, {.code = "25", .authorisation_code = {}});
  }
  const BankTransaction& transaction = transactions_[original->second.index];
  Decision done{.code = "00", .authorisation_code = {}};
  // A refused attempt holds nothing; a later one under the same reference is not what this reversal names.
  if (original->second.decision.code != "00") return done;
  switch (transaction.state) {
    case BankState::authorised: return record({std::string(kReverse), trace}, done);
    case BankState::reversed: return record({std::string(kRepeat), "reverse", transaction.reference}, done);
    case BankState::declined:
    case BankState::captured:
    case BankState::credited: break;
  }
  return {.code = "12", .authorisation_code = {}};
}

Bank::Decision Bank::advise(const Message& request) {
  if (!has(request, {2, 3, 4, 7, 11, 37, 42, 49})) return {.code = "30", .authorisation_code = {}};
  if (amount_of(request) <= 0) return {.code = "13", .authorisation_code = {}};
  BankTransaction* known = find(text(request, 37));
  return request.get(3).starts_with("20") ? credit(request, known) : capture(request, known);
}

Bank::Decision Bank::capture(const Message& request, BankTransaction* known) {
  if (known == nullptr || known->merchant != text(request, 42)) return {.code = "25", .authorisation_code = {}};
  const std::int64_t amount = amount_of(request);
  const Decision done{.code = "00", .authorisation_code = {}};
  switch (known->state) {
    case BankState::authorised:
      if (known->verification) return {.code = "12", .authorisation_code = {}};
      if (amount > known->amount_minor || text(request, 49) != known->currency) {
        return {.code = "13", .authorisation_code = {}};
      }
      return record({std::string(kCapture), known->reference, std::to_string(amount)}, done);
    case BankState::captured:
      if (amount != known->captured_minor) return {.code = "94", .authorisation_code = {}};
      return record({std::string(kRepeat), "advice", known->reference}, done);
    case BankState::declined:
    case BankState::reversed:
    case BankState::credited: break;
  }
  return {.code = "12", .authorisation_code = {}};
}

Bank::Decision Bank::credit(const Message& request, BankTransaction* known) {
  const Decision done{.code = "00", .authorisation_code = {}};
  if (known == nullptr) return record(transaction_record(kCredit, request, "00", ""), done);
  if (known->state != BankState::credited || known->amount_minor != amount_of(request)) {
    return {.code = "94", .authorisation_code = {}};
  }
  return record({std::string(kRepeat), "advice", known->reference}, done);
}

// --- memory ---

Bank::Decision Bank::record(const Record& entry, Decision done) {
  if (journal_ && !journal_->append(entry)) return {.code = "96", .authorisation_code = {}};
  apply(std::vector<std::string_view>(entry.begin(), entry.end()));
  return done;
}

bool Bank::apply(const std::vector<std::string_view>& entry) {
  const std::string_view kind = entry.front();
  if (kind == kAuth || kind == kCredit) return apply_transaction(entry);
  if (kind == kReverse && entry.size() == 2) return apply_reversal(entry[1]);
  if (kind == kRepeat && entry.size() == 3) return apply_repeat(entry[1], entry[2]);
  if (kind != kCapture || entry.size() != 3) return false;
  BankTransaction* transaction = find(entry[1]);
  const auto amount = base::parse_int<std::int64_t>(entry[2]);
  if (transaction == nullptr || !amount) return false;
  transaction->state = BankState::captured;
  transaction->captured_minor = *amount;
  return true;
}

bool Bank::apply_transaction(const std::vector<std::string_view>& entry) {
  if (entry.size() != kTransactionFields) return false;
  const auto amount = base::parse_int<std::int64_t>(entry[6]);
  if (!amount) return false;
  const bool is_credit = entry[0] == kCredit;
  const auto [place, is_new] = by_reference_.try_emplace(std::string(entry[2]), transactions_.size());
  if (is_new) transactions_.emplace_back();
  transactions_[place->second] = {
      .reference = std::string(entry[2]),
      .merchant = std::string(entry[3]),
      .terminal = std::string(entry[4]),
      .card = std::string(entry[5]),
      .amount_minor = *amount,
      .currency = std::string(entry[7]),
      .state = is_credit          ? BankState::credited
               : entry[8] == "00" ? BankState::authorised
                                  : BankState::declined,
      .response_code = std::string(entry[8]),
      .authorisation_code = std::string(entry[9]),
      .authenticated = entry[10] == "1",
      .verification = !is_credit && entry[11] == "1",
  };
  if (!is_credit) {
    by_trace_.insert_or_assign(
        std::string(entry[1]),
        Traced{.index = place->second,
               .decision = {.code = std::string(entry[8]), .authorisation_code = std::string(entry[9])}});
  }
  return true;
}

bool Bank::apply_reversal(std::string_view trace) {
  const auto original = by_trace_.find(std::string(trace));
  if (original == by_trace_.end()) {
    reversed_traces_.emplace(trace);
  } else {
    transactions_[original->second.index].state = BankState::reversed;
  }
  return true;
}

bool Bank::apply_repeat(std::string_view what, std::string_view reference) {
  BankTransaction* transaction = find(reference);
  if (transaction == nullptr) return false;
  if (what == "auth") ++transaction->repeated_authorisations;
  if (what == "reverse") ++transaction->repeated_reversals;
  if (what == "advice") ++transaction->repeated_advices;
  return true;
}

}  // namespace acquit::sandbox
