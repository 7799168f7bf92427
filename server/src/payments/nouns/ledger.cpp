#include "payments/nouns/ledger.h"

namespace acquit::payments {
namespace {

std::vector<Posting> move(Account from, Account to, std::int64_t minor) {
  if (minor == 0) return {};
  return {{.account = from, .minor = -minor}, {.account = to, .minor = minor}};
}

}  // namespace

std::string_view to_string(Account account) {
  switch (account) {
    case Account::buyer: return "buyer";
    case Account::held: return "held";
    case Account::receivable: return "receivable";
  }
  return "buyer";
}

std::vector<Posting> postings_for(Kind kind, Event event, base::Money amount) {
  const bool credit = kind == Kind::credit;
  const Account source = credit ? Account::receivable : Account::buyer;
  const Account target = credit ? Account::buyer : Account::receivable;
  switch (event) {
    case Event::approve:
    case Event::approve_manual: return move(source, Account::held, amount.minor());
    case Event::modify:
    case Event::cancel:
    case Event::expire: return move(Account::held, source, amount.minor());
    case Event::capture: return move(Account::held, target, amount.minor());
    case Event::reject_capture: return move(target, source, amount.minor());
    case Event::authenticate:
    case Event::authorise:
    case Event::step_up:
    case Event::verify:
    case Event::accept:
    case Event::hold:
    case Event::decline:
    case Event::withdraw:
    case Event::reverse:
    case Event::postpone:
    case Event::abandon:
    case Event::validate: return {};
  }
  return {};
}

std::vector<Posting> postings_for_refund(base::Money amount) {
  return move(Account::receivable, Account::held, amount.minor());
}

}  // namespace acquit::payments
