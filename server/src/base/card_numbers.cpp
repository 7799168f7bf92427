#include "base/card_numbers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/ascii.h"
#include "base/impl/card_marks.h"
#include "base/number.h"

namespace acquit::base {
namespace {

constexpr std::size_t kCardDigitsMin = 14;
constexpr std::size_t kCardDigitsUsual = 16;
constexpr std::size_t kCardDigitsMax = 19;
constexpr std::size_t kGapMax = 32;      // A line's end, and the blanks before the next one's text.
constexpr std::size_t kGapMarksMax = 3;  // As in "4970 --- 1000".
constexpr std::size_t kGroupsMax = 6;
constexpr std::size_t kWordMax = 10;

using Kind = MarkKind;

// Digits without a gap between them, as places in the marks.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::optional<Kind> gap{};   ///< What joins it to the piece before, if something does.
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
  std::string word;
  for (std::size_t at = begin; at < end; ++at) word += marks[at].ascii;
  return !announces_card(word);
}

std::size_t end_of(const Marks& marks, std::size_t begin, Kind kind) {
  std::size_t end = begin;
  while (end < marks.size() && marks[end].kind == kind) ++end;
  return end;
}

// What joins two pieces, if it may stand within a card number: blanks, or one mark repeated, with blanks or without.
std::optional<Kind> gap_between(const Marks& marks, std::size_t begin, std::size_t end) {
  if (end - begin > kGapMax) return {};
  Kind gap = Kind::blank;
  std::size_t count = 0;
  for (std::size_t at = begin; at < end; ++at) {
    const Kind kind = marks[at].kind;
    if (kind == Kind::blank) continue;
    if (kind == Kind::letter || kind == Kind::other || (count > 0 && kind != gap)) return {};
    gap = kind;
    if (++count > kGapMarksMax) return {};
  }
  return gap;
}

// Whether gaps of this kind may stand beside others in one number. Commas and slashes lie between the items of a list.
bool may_mix(Kind gap) { return gap != Kind::comma && gap != Kind::slash; }

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
      pieces.push_back(piece);
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

// A company's number with that of its office (INSEE): each passes the Luhn check, and an office's number begins with
// three zeros. One card number of 14 digits in ten thousand is as such.
bool is_siret(std::string_view digits) {
  return digits.size() == 14 && digits.substr(9, 3) == "000" && luhn_valid(digits.substr(0, 9));
}

// Ranges and lengths of the card schemes (ISO/IEC 7812-1): narrow, since order numbers and timestamps are digits too,
// and the more so the longer they are, since what marks parcels (SSCC) and users is 17 to 19 digits.
bool is_in_a_range(std::string_view digits) {
  const int prefix = *parse_int<int>(digits.substr(0, 4));
  const int two = prefix / 100;
  const std::size_t size = digits.size();
  const bool to_19 = size >= 16 && size <= 19;
  const bool diners_14 = two == 36 || two == 38 || two == 39 || (prefix >= 3000 && prefix <= 3059) || prefix == 3095;
  const bool maestro_long = prefix == 5018 || prefix == 5020 || prefix == 5038 || prefix == 5893 || prefix == 6304 ||
                            prefix == 6703 || prefix == 6706 || prefix == 6709 || prefix == 6759 ||
                            (prefix >= 6761 && prefix <= 6763) || prefix == 6767 || prefix == 6771 || prefix == 5061;
  const bool discover = prefix == 6011 || two == 65 || (prefix >= 6440 && prefix <= 6499);
  switch (size) {
    case 14: return diners_14;
    case 15: return two == 34 || two == 37;
    case 16:
      if (diners_14 || two == 30) return true;
      if (prefix / 1000 == 4 || prefix / 1000 == 5 || prefix / 1000 == 6) return true;
      return (prefix >= 3528 && prefix <= 3589) || (prefix >= 2221 && prefix <= 2720) ||
             (prefix >= 2200 && prefix <= 2204) || prefix == 9792;
    default: return to_19 && (maestro_long || discover || two == 62 || (size == 19 && prefix / 1000 == 4));
  }
}

bool looks_like_card(std::string_view digits) {
  if (digits.size() < kCardDigitsMin || digits.size() > kCardDigitsMax) return false;
  return is_in_a_range(digits) && luhn_valid(digits) && !is_siret(digits);
}

// The groups in which people and programs write card numbers; two may have nothing that is seen between them.
bool is_usual_grouping(std::span<const Piece> pieces) {
  constexpr std::array<std::array<std::size_t, 3>, 9> kGroupings{
      {{4, 6, 5}, {4, 11, 0}, {10, 5, 0}, {4, 6, 4}, {4, 10, 0}, {10, 4, 0}, {6, 6, 4}, {6, 10, 0}, {6, 13, 0}}};
  if (pieces.size() == 1) return true;
  const auto fours = [](const Piece& piece) { return piece.size() % 4 == 0; };
  if (std::ranges::all_of(pieces.first(pieces.size() - 1), fours) && (pieces.back().size() < 4 || fours(pieces.back())))
    return true;
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
      // The cheapest first: nearly nothing is a card's.
      if (looks_like_card(digits) && (is_usual_grouping(pieces) || is_whole_run(first, last, digits.size())) &&
          stands_alone(pieces))
        best = pieces.size();
    }
    return best;
  }

  [[nodiscard]] bool goes_on(std::size_t first, std::size_t last) const {
    const auto gap = pieces_[last].gap;
    const auto usual = pieces_[first + 1].gap;
    return gap && (gap == usual || (usual && may_mix(*gap) && may_mix(*usual)));
  }

  // "4 9 7 0 …", "49 70 …" or "49701 00000 00055": such pieces must begin and end with the card, and have the same
  // gaps, or any list of numbers would do.
  [[nodiscard]] bool is_whole_run(std::size_t first, std::size_t last, std::size_t digits) const {
    if (last == first) return false;
    const auto gap = pieces_[first + 1].gap;
    const std::size_t size = pieces_[first].size();
    const std::size_t count = last - first + 1;
    bool spelled_out = size <= 2;
    // Hyphens join what is longer in numbers of orders.
    bool in_groups = count <= kGroupsMax && (gap == Kind::blank || (gap == Kind::hyphen && digits <= kCardDigitsUsual));
    for (std::size_t at = first; at <= last; ++at) {
      if (at > first && pieces_[at].gap != gap) return false;
      spelled_out = spelled_out && pieces_[at].size() == size;
      in_groups = in_groups && pieces_[at].size() > 1;
    }
    if (!spelled_out && !in_groups) return false;
    const auto apart = [&](std::size_t piece, std::size_t neighbour) {
      return !pieces_[piece].gap || (spelled_out && pieces_[neighbour].size() != size);
    };
    const bool begins = first == free_ || apart(first, first - 1);
    return begins && (last + 1 == pieces_.size() || apart(last + 1, last + 1));
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
