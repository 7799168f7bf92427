#include "base/card_numbers.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/impl/card_marks.h"
#include "base/text.h"

namespace acquit::base {
namespace {

constexpr std::size_t kCardDigitsMin = 14;
constexpr std::size_t kCardDigitsMax = 19;
constexpr std::size_t kGapMax = 3;  // As in "4970 - 1000".
constexpr std::size_t kWordMax = 10;

using Kind = MarkKind;

// Digits without a gap between them, as places in the marks.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<Kind> gap{};     ///< What joins it to the piece before; empty: nothing does.
  bool in_identifier = false;  ///< Letters stand in the same word of letters, digits and hyphens.
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

// "CB4970…" and "CARD-4970…" announce a card number; neither is a longer word or an identifier of its own.
bool announces_card(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"cb", "visa", "mc", "mastercard", "amex", "maestro", "carte", "card", "karte", "pan", "no", "nr", "n"});
  return std::ranges::find(kWords, ascii_lower(word)) != kWords.end();
}

// True for a word that makes of what it touches something else than a card number.
bool is_foreign_word(const Marks& marks, std::size_t begin, std::size_t end) {
  if (end - begin > kWordMax) return true;
  // "\n" and "\t" as programs print a line's end.
  if (end - begin == 1 && begin > 0 && marks[begin - 1].ascii == '\\') return false;
  std::string word;
  for (std::size_t at = begin; at < end; ++at) word += marks[at].ascii;
  return !announces_card(word);
}

std::size_t end_of(const Marks& marks, std::size_t begin, Kind kind) {
  std::size_t end = begin;
  while (end < marks.size() && marks[end].kind == kind) ++end;
  return end;
}

// What lies between two pieces, if it may lie within a card number.
std::vector<Kind> gap_between(const Marks& marks, std::size_t begin, std::size_t end) {
  std::vector<Kind> gap;
  if (end - begin > kGapMax) return gap;
  for (std::size_t at = begin; at < end; ++at) {
    if (marks[at].kind == Kind::letter || marks[at].kind == Kind::other) return {};
    gap.push_back(marks[at].kind);
  }
  return gap;
}

std::vector<Piece> pieces_of(const Marks& marks) {
  std::vector<Piece> pieces;
  std::size_t word_begins = 0;  // The first piece of the present word of letters, digits and hyphens.
  bool foreign = false;         // A word of letters in it is foreign.
  const auto end_word = [&] {
    for (; word_begins < pieces.size(); ++word_begins) pieces[word_begins].in_identifier = foreign;
    foreign = false;
  };
  for (std::size_t at = 0; at < marks.size();) {
    const std::size_t end = end_of(marks, at, marks[at].kind);
    if (marks[at].kind == Kind::digit) {
      Piece piece{.begin = at, .end = end};
      if (!pieces.empty()) piece.gap = gap_between(marks, pieces.back().end, at);
      pieces.push_back(std::move(piece));
    } else if (marks[at].kind == Kind::letter) {
      foreign = foreign || is_foreign_word(marks, at, end);
    } else if (marks[at].kind != Kind::hyphen) {
      end_word();
    }
    at = end;
  }
  end_word();
  return pieces;
}

// Ranges and lengths of the card schemes (ISO/IEC 7812-1): narrow, since order numbers and timestamps are digits too.
bool looks_like_card(std::string_view digits) {
  if (digits.size() < kCardDigitsMin || digits.size() > kCardDigitsMax) return false;
  const int prefix = *parse_int<int>(digits.substr(0, 4));
  const std::size_t size = digits.size();
  const bool visa = prefix / 1000 == 4 && (size == 16 || size == 19);
  const bool amex = (prefix / 100 == 34 || prefix / 100 == 37) && size == 15;
  const bool diners = (prefix / 100 == 30 || prefix / 100 == 36 || prefix / 100 == 38 || prefix / 100 == 39) &&
                      (size == 14 || size == 16);
  const bool jcb = prefix >= 3528 && prefix <= 3589 && size == 16;
  const bool mastercard = prefix / 1000 == 5 && size == 16;
  const bool two_series = ((prefix >= 2221 && prefix <= 2720) || (prefix >= 2200 && prefix <= 2204)) && size == 16;
  const bool maestro = (prefix / 100 >= 50 && prefix / 100 <= 69) && (size == 16 || size == 18 || size == 19);
  return (visa || amex || diners || jcb || mastercard || two_series || maestro) && luhn_valid(digits);
}

// The groups in which people and programs write card numbers.
bool is_usual_grouping(std::span<const Piece> pieces) {
  constexpr std::array<std::array<std::size_t, 3>, 9> kGroupings{
      {{4, 6, 5}, {4, 6, 4}, {6, 6, 4}, {6, 10, 0}, {6, 13, 0}, {4, 12, 0}, {12, 4, 0}, {8, 8, 0}, {6, 8, 0}}};
  if (pieces.size() == 1) return true;
  const auto fours = [](const Piece& piece) { return piece.size() == 4; };
  if (std::ranges::all_of(pieces.first(pieces.size() - 1), fours) && pieces.back().size() <= 4) return true;
  return std::ranges::any_of(kGroupings, [&](const auto& grouping) {
    for (std::size_t i = 0; i < std::max(pieces.size(), grouping.size()); ++i) {
      const std::size_t wanted = i < grouping.size() ? grouping.at(i) : 0;
      if (wanted != (i < pieces.size() ? pieces[i].size() : 0)) return false;
    }
    return true;
  });
}

// The search over the pieces of one text.
class Search {
 public:
  explicit Search(std::string_view text) : marks_(marks_of(text)) {
    note_ibans(marks_);
    pieces_ = pieces_of(marks_);
  }

  [[nodiscard]] std::vector<CardPlace> all() {
    std::vector<CardPlace> found;
    while (first_ < pieces_.size()) {
      const std::size_t count = card_at(first_);
      if (count != 0) found.push_back(place(count));
      first_ += std::max<std::size_t>(count, 1);
      if (count != 0) free_ = first_;
    }
    return found;
  }

 private:
  // How many pieces from `first` are the longest card number that begins there.
  [[nodiscard]] std::size_t card_at(std::size_t first) const {
    std::size_t best = 0;
    std::string digits;
    for (std::size_t last = first; last < pieces_.size(); ++last) {
      if (last > first && !goes_on(first, last)) break;
      if (digits.size() + pieces_[last].size() > kCardDigitsMax) break;
      for (std::size_t at = pieces_[last].begin; at < pieces_[last].end; ++at) digits += marks_[at].ascii;
      const auto pieces = std::span(pieces_).subspan(first, last - first + 1);
      if ((is_usual_grouping(pieces) || is_spelled_out(first, last)) && looks_like_card(digits) && stands_alone(pieces))
        best = pieces.size();
    }
    return best;
  }

  [[nodiscard]] bool goes_on(std::size_t first, std::size_t last) const {
    return !pieces_[last].gap.empty() && pieces_[last].gap == pieces_[first + 1].gap;
  }

  // "4 9 7 0 …" or "49 70 …": such short pieces must begin and end with the card, or any list of numbers would do.
  [[nodiscard]] bool is_spelled_out(std::size_t first, std::size_t last) const {
    const std::size_t size = pieces_[first].size();
    if (size > 2 || last == first) return false;
    for (std::size_t at = first; at <= last; ++at) {
      if (pieces_[at].size() != size) return false;
    }
    const bool begins = first == free_ || pieces_[first].gap.empty() || pieces_[first - 1].size() != size;
    const bool ends = last + 1 == pieces_.size() || pieces_[last + 1].gap.empty() || pieces_[last + 1].size() != size;
    return begins && ends;
  }

  // No part of a word, an identifier, an IBAN or a decimal.
  [[nodiscard]] bool stands_alone(std::span<const Piece> pieces) const {
    const std::size_t begin = pieces.front().begin;
    const std::size_t end = pieces.back().end;
    const bool apart = std::ranges::none_of(
        pieces, [&](const Piece& piece) { return piece.in_identifier || marks_[piece.begin].in_iban; });
    const bool in_decimal = pieces.size() == 1 && (is_decimal_point(begin, -1) || is_decimal_point(end - 1, 1));
    return apart && !in_decimal && !(begin > 1 && marks_[begin - 1].ascii == ',' && is_lone_zero(begin - 2));
  }

  // A point beside the digit at `at`, with a digit on its other side.
  [[nodiscard]] bool is_decimal_point(std::size_t at, int step) const {
    const std::size_t point = at + static_cast<std::size_t>(step);
    const std::size_t beyond = point + static_cast<std::size_t>(step);
    // Before the first mark both wrap round and are too large.
    return point < marks_.size() && beyond < marks_.size() && marks_[point].kind == Kind::dot &&
           marks_[beyond].kind == Kind::digit;
  }

  // As in "0,4970": other numbers before a comma are values of a list.
  [[nodiscard]] bool is_lone_zero(std::size_t at) const {
    return marks_[at].ascii == '0' && (at == 0 || marks_[at - 1].kind != Kind::digit);
  }

  [[nodiscard]] CardPlace place(std::size_t count) const {
    const auto pieces = std::span(pieces_).subspan(first_, count);
    CardPlace out{.begin = marks_[pieces.front().begin].begin, .end = marks_[pieces.back().end - 1].end, .digits = {}};
    for (const Piece& piece : pieces) {
      for (std::size_t at = piece.begin; at < piece.end; ++at) out.digits += marks_[at].ascii;
    }
    return out;
  }

  Marks marks_;
  std::vector<Piece> pieces_;
  std::size_t first_ = 0;
  std::size_t free_ = 0;  ///< The first piece after the last card found.
};

// Most texts have too few digits for a card, and are done with a look at each byte.
bool may_hold_card(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || c == '%' || static_cast<unsigned char>(c) >= 0xC0U) ++digits;
  }
  return digits >= kCardDigitsMin;
}

}  // namespace

bool luhn_valid(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

std::vector<CardPlace> find_card_numbers(std::string_view text) {
  if (!may_hold_card(text)) return {};
  return Search(text).all();
}

bool contains_card_number(std::string_view text) { return !find_card_numbers(text).empty(); }

std::string mask_card_numbers(std::string_view text) {
  std::string masked;
  masked.reserve(text.size());
  std::size_t done = 0;
  for (const CardPlace& card : find_card_numbers(text)) {
    masked += text.substr(done, card.begin - done);
    masked += card.digits.substr(0, 6);
    masked.append(card.digits.size() - 10, 'X');
    masked += card.digits.substr(card.digits.size() - 4);
    done = card.end;
  }
  masked += text.substr(done);
  return masked;
}

}  // namespace acquit::base
