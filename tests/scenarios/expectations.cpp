#include <algorithm>

#include "base/list.h"
#include "payments/nouns/calendar.h"
#include "tests/scenarios/player.h"

namespace acquit::scenarios {
namespace {

void compare(const std::string& is, const std::string& wanted) {
  if (is != wanted) throw std::invalid_argument("expected " + wanted + ", it is " + is);
}

payments::Account account_of(const std::string& name) {
  for (const auto account : {payments::Account::buyer, payments::Account::held, payments::Account::receivable}) {
    if (to_string(account) == name) return account;
  }
  throw std::invalid_argument("there is no account '" + name + "'");
}

// What happened and no line has spoken of yet.
std::vector<std::string> unspoken(std::vector<std::string> happened, const std::vector<std::string>& spoken) {
  for (const std::string& one : spoken) happened.erase(std::ranges::find(happened, one));
  return happened;
}

// Marks `wanted` as spoken of.
void speak_of(const std::string& wanted, const std::vector<std::string>& happened, std::vector<std::string>& spoken) {
  const auto left = unspoken(happened, spoken);
  if (std::ranges::find(left, wanted) == left.end())
    throw std::invalid_argument("expected '" + wanted + "' among [" + base::join(left, "; ") + "]");
  spoken.push_back(wanted);
}

void expect_none(const std::vector<std::string>& happened, const std::vector<std::string>& spoken) {
  const auto left = unspoken(happened, spoken);
  if (!left.empty()) throw std::invalid_argument("expected nothing more, there is [" + base::join(left, "; ") + "]");
}

// Notifications apart: they are another one's deed, and have lines of their own.
std::string last_of(const std::vector<std::string>& history) {
  const auto is_deed = [](const std::string& line) { return !line.starts_with("notification "); };
  const auto last = std::find_if(history.rbegin(), history.rend(), is_deed);
  return last == history.rend() ? "nothing" : last->substr(0, last->find(": "));
}

std::string decimal(std::int64_t minor) { return payments::testing::eur(minor).to_decimal(); }

}  // namespace

void Player::expect(Words& words) {
  if (expect_of_all(words)) return;
  const auto [transaction, named] = subject(words);
  if (words.take("state")) {
    compare(std::string(to_string(transaction.state)), words.next("a state"));
  } else if (words.take("amount")) {
    compare(transaction.amount.to_decimal(), words.amount().to_decimal());
  } else if (words.take("brand")) {
    compare(transaction.method, words.next("a brand"));
  } else if (words.take("cause")) {
    compare(transaction.cause ? std::string(to_string(*transaction.cause)) : "none", words.next("a cause"));
  } else if (words.take("capture")) {
    const auto local = payments::local_time(transaction.capture.at, world_.env_->shop().shop.timezone);
    compare(payments::to_compact(base::Time(local.time_since_epoch())),
            payments::to_compact(base::Time(read_moment(words).time_since_epoch())));
  } else if (words.take("history")) {
    const std::string event = words.next("what happened");
    words.take("by");
    compare(last_of(world_.history(transaction.id)), event + " by " + words.next("an actor"));
  } else if (words.take("ledger")) {
    const payments::Account account = account_of(words.next("an account"));
    const std::int64_t balance =
        named ? world_.balance(transaction, account) : world_.env_->balance_of_payment(payment(), account);
    compare(decimal(balance), words.amount().to_decimal());
  } else {
    throw std::invalid_argument("'" + words.next("what is expected") + "' cannot be expected");
  }
}

// What concerns no single transaction.
bool Player::expect_of_all(Words& words) {
  if (words.take("refused")) {
    expect_refused(words);
  } else if (words.take("told")) {
    expect_told(words);
  } else if (words.take("bank")) {
    expect_heard(words);
  } else if (words.take("transactions")) {
    compare(std::to_string(world_.transactions(payment()).size()), words.next("a number"));
  } else if (words.take("payment")) {
    compare(world_.load_payment(payment()).ended_at ? "over" : "open", words.next("`open` or `over`"));
  } else {
    return false;
  }
  return true;
}

void Player::expect_refused(Words& words) {
  if (!refusal_) throw std::invalid_argument("what the line before wants was not refused");
  compare(std::string(base::error_row(refusal_->code).token), words.next("a code"));
  if (words.at_word()) compare(refusal_->field, words.next("a field"));
  refusal_.reset();
}

void Player::expect_told(Words& words) {
  if (words.take("nothing")) return expect_none(world_.told(), told_);
  speak_of(words.next("a rule"), world_.told(), told_);
}

void Player::expect_heard(Words& words) {
  if (!words.take("heard")) throw std::invalid_argument("the bank `heard` something");
  if (words.take("nothing")) return expect_none(heard(), heard_);
  const std::string kind = words.next("a message");
  const std::string amount = words.amount().to_decimal();
  speak_of(kind + " " + amount + (words.take("again") ? " again" : ""), heard(), heard_);
}

std::vector<std::string> Player::heard() const {
  std::vector<std::string> out;
  const auto& bank = world_.env_->acquirer;
  const auto add = [&](const std::string& kind, base::Money amount, bool again) {
    out.push_back(kind + " " + amount.to_decimal() + (again ? " again" : ""));
  };
  for (const auto& m : bank.authorisations()) add(m.verification ? "verification" : "authorisation", m.amount, false);
  for (const auto& m : bank.reversals()) add("reversal", m.amount, m.repeat);
  for (const auto& m : bank.advices())
    add(m.kind == connectors::AdviceKind::debit ? "capture" : "credit", m.amount, m.repeat);
  return out;
}

}  // namespace acquit::scenarios
