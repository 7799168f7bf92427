#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/card_numbers.h"
#include "base/form_fields.h"
#include "base/hex.h"
#include "base/money.h"
#include "base/utf8.h"

namespace acquit::base {
namespace {

Currency any_currency() { return *Currency::from_number(*rc::gen::elementOf(std::vector{978, 756, 392, 788, 990})); }

RC_GTEST_PROP(MoneyProperty, DecimalTextComesBackAsTheSameAmount, (std::int64_t minor)) {
  const Money money(minor, any_currency());
  const auto read = Money::from_decimal(money.to_decimal(), money.currency());
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == money);
}

RC_GTEST_PROP(MoneyProperty, DecimalTextThatIsReadIsPrintedTheSame, ()) {
  const auto currency = any_currency();
  const std::string text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("-0123456789.")));
  const auto money = Money::from_decimal(text, currency);
  if (money) RC_ASSERT(money->to_decimal() == text);
}

RC_GTEST_PROP(MoneyProperty, PartsSumToTheTotalAndDifferLittle, (std::int64_t minor)) {
  const Money total(minor, any_currency());
  const auto count = *rc::gen::inRange<std::int64_t>(1, 400);
  const auto parts = split_equally(total, count);
  RC_ASSERT(parts.has_value());
  RC_ASSERT(static_cast<std::int64_t>(parts->size()) == count);
  Money sum(0, total.currency());
  for (const Money& part : *parts) sum = *sum.plus(part);
  RC_ASSERT(sum == total);
  const auto rest = *parts->back().minus(parts->front());
  RC_ASSERT(std::abs(rest.minor()) < count);
}

RC_GTEST_PROP(MoneyProperty, MinusUndoesPlus, (std::int64_t a, std::int64_t b)) {
  const Money left(a, any_currency());
  const auto sum = left.plus(Money(b, left.currency()));
  if (sum) RC_ASSERT(*sum->minus(Money(b, left.currency())) == left);
}

RC_GTEST_PROP(TextProperty, HexAndBase64ComeBack, (const std::string& text)) {
  const auto bytes = from_hex(to_hex(as_bytes(text)));
  RC_ASSERT(bytes.has_value());
  RC_ASSERT(to_hex(*bytes) == to_hex(as_bytes(text)));
  RC_ASSERT(from_base64(to_base64(as_bytes(text))) == text);
  RC_ASSERT(from_base64url(to_base64url(as_bytes(text))) == text);
}

RC_GTEST_PROP(TextProperty, FormsComeBack, (const FormFields& fields)) {
  RC_ASSERT(parse_form(to_form(fields)) == fields);
}

// Digits and what may stand between them, so that card numbers come up often.
RC_GTEST_PROP(TextProperty, NoCardNumberIsLeftAfterMasking, ()) {
  const std::string text = *rc::gen::resize(400, rc::gen::container<std::string>(rc::gen::weightedElement<char>({
                                                     {6, '4'},
                                                     {3, '0'},
                                                     {3, '5'},
                                                     {2, '2'},
                                                     {1, '1'},
                                                     {1, ' '},
                                                     {1, '-'},
                                                     {1, 'x'},
                                                 })));
  const std::string masked = mask_card_numbers(text);
  RC_ASSERT(!contains_card_number(masked));
  RC_ASSERT(contains_card_number(text) || masked == text);
}

RC_GTEST_PROP(TextProperty, PrefixesOfUtf8AreUtf8, ()) {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::elementOf(std::vector<std::string>{"a", "é", "日", "😀", "\n", "\u0301"}));
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  const auto count = *rc::gen::inRange<std::size_t>(0, pieces.size() + 2);
  const auto prefix = utf8_prefix(text, count);
  RC_ASSERT(is_valid_utf8(prefix));
  RC_ASSERT(text.starts_with(prefix));
  RC_ASSERT(utf8_length(prefix) == std::min(count, pieces.size()));
}

}  // namespace
}  // namespace acquit::base
