#include "tests/scenarios/player.h"

#include <algorithm>
#include <array>

#include "base/list.h"
#include "payments/nouns/calendar.h"

namespace acquit::scenarios {
namespace {

using payments::testing::must;
using std::chrono::local_seconds;

// "22:00" as time of day.
std::chrono::minutes time_of_day(Words& words) {
  const std::string text = words.next("a time such as 22:00");
  const auto parts = base::split(text, ':');
  if (parts.size() != 2) throw std::invalid_argument("'" + text + "' is no time such as 22:00");
  return std::chrono::hours(integer(parts[0], "hour")) + std::chrono::minutes(integer(parts[1], "minute"));
}

// When the clocks of the place show `local`.
base::Time moment_of(local_seconds local, const std::string& timezone) {
  const base::Time guess(local.time_since_epoch());
  const auto shift = [&](base::Time at) {
    return payments::local_time(at, timezone).time_since_epoch() -
           std::chrono::floor<std::chrono::seconds>(at).time_since_epoch();
  };
  return guess - shift(guess - shift(guess));
}

payments::testing::Reply reply_of(Words& words) {
  if (words.take("answers")) return {.code = words.next("a code such as 51")};
  if (!words.take("is")) throw std::invalid_argument("the bank `answers` a code, or `is` silent, away or busy");
  if (words.take("silent")) return payments::testing::kUnknown;
  if (words.take("away")) return payments::testing::kUnavailable;
  if (words.take("busy")) return payments::testing::kBusy;
  throw std::invalid_argument("the bank is silent, away or busy");
}

TypedCard typed_card(Words& words) {
  TypedCard typed;
  typed.number = words.option("card", typed.number);
  typed.brand = words.option("brand", "");
  const std::string expiry = words.option("expiry", "2030-12");
  typed.expiry_year = integer(expiry.substr(0, expiry.find('-')), "year");
  typed.expiry_month = integer(expiry.substr(expiry.find('-') + 1), "month");
  return typed;
}

}  // namespace

local_seconds read_moment(Words& words) {
  std::string text = words.next("a day such as 2026-06-17");
  std::erase(text, '-');
  const auto day = payments::parse_day(text);
  if (!day) throw std::invalid_argument("'" + text + "' is no day such as 2026-06-17");
  const auto time = words.take("at") ? time_of_day(words) : std::chrono::minutes{0};
  return local_seconds(day->time_since_epoch() + time);
}

void Player::play() {
  for (const Line& line : scenario_.lines) {
    try {
      play(line);
    } catch (const std::exception& error) {
      throw LineError(scenario_.file, line.number, error.what());
    }
  }
  if (refusal_) throw LineError(scenario_.file, scenario_.lines.back().number, "was refused: " + refusal_->detail);
  const auto unbalanced = world_.env_->unbalanced();
  if (!unbalanced.empty()) throw LineError(scenario_.file, 1, "the ledger does not balance: " + unbalanced.front());
}

void Player::play(const Line& line) {
  Words words(line);
  const std::string& verb = line.words.front();
  if (refusal_ && !(verb == "expect" && line.words.size() > 1 && line.words[1] == "refused"))
    throw std::invalid_argument("what the line before wants was refused: " + refusal_->detail);
  struct Row {
    std::string_view verb;
    void (Player::*play)(Words&);
  };
  static constexpr std::array kRows{
      Row{"order", &Player::order},   Row{"pay", &Player::pay},           Row{"bank", &Player::bank},
      Row{"shop", &Player::shop},     Row{"after", &Player::after},       Row{"at", &Player::at},
      Row{"on", &Player::on},         Row{"validate", &Player::validate}, Row{"cancel", &Player::cancel},
      Row{"refund", &Player::refund}, Row{"lower", &Player::lower},       Row{"move", &Player::move},
      Row{"leave", &Player::leave},   Row{"expect", &Player::expect}};
  const auto* row = std::ranges::find(kRows, verb, &Row::verb);
  (this->*row->play)(words);
  words.end();
}

void Player::order(Words& words) {
  Order order{.amount = words.amount()};
  order.delay_days = integer(words.option("delay", "0"), "number of days");
  order.tries = integer(words.option("tries", "3"), "number of tries");
  order.plan = words.option("plan", "SINGLE");
  const std::string validation = words.option("validation", "automatic");
  if (validation != "automatic" && validation != "manual")
    throw std::invalid_argument("validation is automatic or manual");
  order.manual_validation = validation == "manual";
  const auto source = payments::parse_source(words.option("source", std::string(to_string(order.source))));
  const auto mode = merchants::parse_mode(words.option("mode", "TEST"));
  if (!source || !mode) throw std::invalid_argument("there is no such source or mode");
  order.source = *source;
  order.mode = *mode;
  const auto made = world_.order(order);
  did(made);
  if (!made) return;
  payment_ = *made;
  refunds_.clear();
}

// With an amount: a new order, and its card at once.
void Player::pay(Words& words) {
  const TypedCard typed = typed_card(words);
  if (words.at_amount()) order(words);
  if (!refusal_) did(world_.present(payment(), typed));
}

void Player::leave(Words&) { did(world_.leave(payment())); }

void Player::bank(Words& words) {
  auto& bank = world_.env_->acquirer;
  const payments::testing::Reply reply = reply_of(words);
  if (!words.take("to")) {
    bank.on_authorise(reply);
  } else if (words.take("reversal")) {
    bank.on_reverse(reply);
  } else if (words.take("capture")) {
    bank.on_advise(reply);
  } else {
    throw std::invalid_argument("the bank answers `to reversal` or `to capture`, else to an authorisation");
  }
}

void Player::shop(Words& words) {
  auto& env = *world_.env_;
  if (words.take("closes")) return env.close_contracts();
  if (!words.take("blocks")) throw std::invalid_argument("the shop `blocks` a card or `closes`");
  const auto card = env.node().vault->describe(base::Pan(words.next("a card")), 2030, 12);
  env.write([&](db::Tx& tx) {
    return env.node().merchant_store->block_card(tx, payments::testing::kShop, card.fingerprint, "stolen",
                                                 payments::testing::kActor);
  });
}

void Player::after(Words& words) {
  const int count = words.number("number");
  const std::string unit = words.next("a unit such as days");
  base::Time end = world_.env_->clock.now();
  if (unit.starts_with("minute")) {
    end += std::chrono::minutes(count);
  } else if (unit.starts_with("hour")) {
    end += std::chrono::hours(count);
  } else if (unit.starts_with("day")) {
    end += std::chrono::days(count);
  } else {
    throw std::invalid_argument("time goes by in minutes, hours or days");
  }
  world_.live_until(end);
}

void Player::until(local_seconds moment) {
  if (moment < local_now()) throw std::invalid_argument("that is past");
  world_.live_until(moment_of(moment, world_.env_->shop().shop.timezone));
}

void Player::at(Words& words) {
  const auto now = local_now();
  auto moment = std::chrono::floor<std::chrono::days>(now) + time_of_day(words);
  if (moment <= now) moment += std::chrono::days(1);
  until(moment);
}

void Player::on(Words& words) { until(read_moment(words)); }

void Player::validate(Words& words) {
  const payments::TransactionId id = subject(words).transaction.id;
  did(world_.validate_of(id, words.at_amount() ? std::optional(words.amount()) : std::nullopt));
}

void Player::cancel(Words& words) {
  const payments::TransactionId id = subject(words).transaction.id;
  did(world_.cancel_of(id, words.at_amount() ? std::optional(words.amount()) : std::nullopt));
}

void Player::refund(Words& words) {
  const payments::TransactionId id = subject(words).transaction.id;
  const auto made = world_.refund_of(id, words.amount());
  did(made);
  if (made) refunds_.push_back(made->id);
}

void Player::lower(Words& words) {
  const payments::TransactionId id = subject(words).transaction.id;
  if (!words.take("to")) throw std::invalid_argument("an amount is lowered `to` another one");
  did(world_.modify_of(id, {.amount = words.amount(), .capture_at = std::nullopt}));
}

void Player::move(Words& words) {
  const payments::TransactionId id = subject(words).transaction.id;
  if (!words.take("to")) throw std::invalid_argument("a capture is moved `to` another moment");
  const auto moment = moment_of(read_moment(words), world_.env_->shop().shop.timezone);
  did(world_.modify_of(id, {.amount = std::nullopt, .capture_at = moment}));
}

const payments::PaymentId& Player::payment() const {
  if (!payment_) throw std::invalid_argument("there is no order yet");
  return *payment_;
}

Player::Subject Player::subject(Words& words) {
  std::vector<payments::Transaction> found = world_.transactions(payment());
  const auto keep = [&](auto wanted) { std::erase_if(found, [&](const auto& one) { return !wanted(one); }); };
  if (words.take("refund")) {
    const auto number = static_cast<std::size_t>(words.number("number of a refund"));
    if (number == 0 || number > refunds_.size()) throw std::invalid_argument("there is no such refund");
    return {.transaction = world_.load(refunds_[number - 1]), .named = true};
  }
  keep([](const payments::Transaction& one) { return one.kind != payments::Kind::credit; });
  bool named = true;
  if (words.take("try")) {
    const int number = words.number("number of a try");
    keep([&](const auto& one) { return one.sequence == 1 && one.attempt == number; });
  } else if (words.take("instalment")) {
    const int number = words.number("number of an instalment");
    keep([&](const auto& one) { return one.sequence == number; });
  } else {
    named = false;
    keep([](const auto& one) { return one.sequence == 1; });
  }
  if (found.empty()) throw std::invalid_argument("there is no such transaction");
  return {.transaction = found.back(), .named = named};
}

local_seconds Player::local_now() const {
  return payments::local_time(world_.env_->clock.now(), world_.env_->shop().shop.timezone);
}

}  // namespace acquit::scenarios
