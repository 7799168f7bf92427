#include "payments/bank/compare_with_bank.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "payments/bank/doubts.h"

namespace acquit::payments {
namespace {

constexpr int kPage = 1000;

constexpr auto kSays = std::to_array<std::pair<BankSays, std::string_view>>({
    {BankSays::authorised, "authorised"},
    {BankSays::captured, "captured"},
    {BankSays::credited, "credited"},
    {BankSays::reversed, "reversed"},
    {BankSays::declined, "declined"},
});

// What has to be at the bank for a transaction of ours.
enum class Wanted : std::uint8_t { nothing, asked, held, moved };

Wanted wanted_of(const Transaction& ours) {
  switch (ours.state) {
    case State::authorising:
    case State::pending: return Wanted::asked;
    case State::to_validate:
    case State::authorised: return ours.kind == Kind::debit ? Wanted::held : Wanted::nothing;
    case State::captured: return Wanted::moved;
    case State::initiated:
    case State::authenticating:
    case State::waiting_authorisation:
    case State::capture_failed:
    case State::accepted:
    case State::refused:
    case State::abandoned:
    case State::cancelled:
    case State::expired: return Wanted::nothing;
  }
  std::unreachable();
}

std::optional<Difference> without_money_here(const BankEntry* bank) {
  if (bank == nullptr || !bank->moves_money()) return std::nullopt;
  return bank->says == BankSays::authorised ? Difference::held_for_none : Difference::taken_for_none;
}

std::optional<Difference> held_here(const Transaction& ours, const Marks& marks, const BankEntry& bank) {
  if (!bank.moves_money()) return Difference::not_at_bank;
  if (bank.says != BankSays::authorised) return Difference::taken_for_none;
  const bool lowered =
      marks.modified && bank.amount.currency() == ours.amount.currency() && bank.amount.minor() >= ours.amount.minor();
  return bank.amount == ours.amount || lowered ? std::nullopt : std::optional(Difference::other_amount);
}

std::optional<Difference> moved_here(const Transaction& ours, const Marks& marks, const BankEntry& bank) {
  const BankSays wanted = ours.kind == Kind::credit ? BankSays::credited : BankSays::captured;
  if (bank.says == wanted) {
    return bank.amount == ours.amount ? std::nullopt : std::optional(Difference::other_amount);
  }
  // On its way: what is not acknowledged yet is handed over again until it is.
  if (bank.says == BankSays::authorised && !marks.acknowledged) return std::nullopt;
  return Difference::not_at_bank;
}

}  // namespace

std::string_view to_string(BankSays says) {
  return std::ranges::find(kSays, says, &decltype(kSays)::value_type::first)->second;
}

std::optional<BankSays> parse_bank_says(std::string_view text) {
  const auto* found = std::ranges::find(kSays, text, &decltype(kSays)::value_type::second);
  return found == kSays.end() ? std::nullopt : std::optional(found->first);
}

std::string_view to_string(Difference difference) {
  switch (difference) {
    case Difference::unknown_here: return "unknown_here";
    case Difference::held_for_none: return "held_for_none";
    case Difference::taken_for_none: return "taken_for_none";
    case Difference::not_at_bank: return "not_at_bank";
    case Difference::other_amount: return "other_amount";
    case Difference::doubtful: return "doubtful";
    case Difference::reversal_doubtful: return "reversal_doubtful";
    case Difference::undecided: return "undecided";
  }
  std::unreachable();
}

bool BankEntry::moves_money() const {
  return amount.minor() != 0 &&
         (says == BankSays::authorised || says == BankSays::captured || says == BankSays::credited);
}

std::optional<Difference> judge(const Transaction& ours, const Marks& marks, const BankEntry* bank, bool expected) {
  const Wanted wanted = wanted_of(ours);
  const bool told = bank != nullptr || expected;
  if (marks.reversal_doubtful && told) return Difference::reversal_doubtful;
  if (wanted == Wanted::nothing) return without_money_here(bank);
  if (!told) return std::nullopt;
  if (wanted == Wanted::asked) return Difference::undecided;
  if (wanted == Wanted::moved && marks.doubtful && !marks.acknowledged) return Difference::doubtful;
  if (bank == nullptr) {
    const bool on_its_way = ours.kind == Kind::credit && !marks.acknowledged;
    return on_its_way ? std::nullopt : std::optional(Difference::not_at_bank);
  }
  return wanted == Wanted::held ? held_here(ours, marks, *bank) : moved_here(ours, marks, *bank);
}

namespace {

struct Marked {
  Transaction ours;
  Marks marks;
  bool covered = false;  // The bank was asked for it, or for its capture, while the list was made.
};

bool covers(const Comparison& what, base::Time moment) { return moment >= what.from && moment < what.to; }

// What came after the list was made is not in it: a capture of then leaves an authorisation there.
void mark(Marked& one, const Operation& operation, const Comparison& what) {
  one.marks.modified |= operation.event == to_string(Event::modify);
  if (operation.at >= what.to) return;
  one.marks.acknowledged |= operation.event == kAcknowledged;
  one.marks.doubtful |= operation.event == kCaptureDoubtful;
  if (operation.event == to_string(Event::capture)) one.covered |= covers(what, operation.at);
}

base::Result<std::vector<Marked>> read_page(const PaymentStore& store, db::ReadTx& tx, base::ShopId shop,
                                            const std::string& after, const Comparison& what) {
  ACQUIT_TRY(auto transactions, store.transactions_after(tx, shop, after, kPage));
  std::vector<Marked> page;
  if (transactions.empty()) return page;
  ACQUIT_TRY(const auto reversals, reversals_in_doubt(tx, shop));
  ACQUIT_TRY(const auto operations,
             store.operations_between(tx, shop, transactions.front().id, transactions.back().id));
  page.reserve(transactions.size());
  auto operation = operations.begin();
  for (Transaction& ours : transactions) {
    const base::Time asked = ours.trace ? ours.trace->sent_at : ours.capture.at;
    Marked one{.ours = std::move(ours), .marks = {}, .covered = covers(what, asked)};
    one.marks.reversal_doubtful = reversals.contains(one.ours.id.hex());
    for (; operation != operations.end() && operation->transaction == one.ours.id; ++operation) {
      mark(one, *operation, what);
    }
    page.push_back(std::move(one));
  }
  return page;
}

base::Task<base::Result<void>> compare_shop(const Services& services, base::ShopId shop, BankList& bank,
                                            Comparison what, const OnDifference& tell, Compared& compared) {
  std::string after = base::first_id_at(what.born_since);
  for (;;) {
    ACQUIT_CO_TRY(const auto page, co_await services.database.read([&](db::ReadTx& tx) {
      return read_page(services.store, tx, shop, after, what);
    }));
    if (page.empty()) co_return base::Result<void>{};
    for (const Marked& one : page) {
      const auto found = bank.find(one.ours.reference);
      BankEntry* const entry = found == bank.end() ? nullptr : &found->second;
      if (entry != nullptr) entry->met = true;
      const auto difference = judge(one.ours, one.marks, entry, one.covered);
      if (!difference) continue;
      ++compared.differences;
      tell.differs(*difference, one.ours, entry);
    }
    compared.transactions += page.size();
    after = page.back().ours.id.hex();
  }
}

}  // namespace

base::Task<base::Result<Compared>> compare_with_bank(const Services& services, const std::vector<base::ShopId>& shops,
                                                     BankList& bank, Comparison what, const OnDifference& tell) {
  Compared compared;
  for (const base::ShopId shop : shops) {
    ACQUIT_CO_CHECK(co_await compare_shop(services, shop, bank, what, tell, compared));
  }
  for (const auto& [reference, entry] : bank) {
    if (entry.met || !entry.moves_money()) continue;
    ++compared.differences;
    tell.unknown_here(reference, entry);
  }
  co_return compared;
}

}  // namespace acquit::payments
