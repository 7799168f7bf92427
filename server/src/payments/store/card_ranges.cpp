#include "payments/store/card_ranges.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "base/ascii.h"
#include "base/csv.h"
#include "base/embedded.h"
#include "base/number.h"
#include "base/utf8.h"

ACQUIT_EMBEDDED(test_card_ranges)

namespace acquit::payments {
namespace {

constexpr std::size_t kDigits = 19;
constexpr std::size_t kDigitsMin = 6;
constexpr std::size_t kFaultsMax = 20;
constexpr std::size_t kProductMax = 3;
constexpr std::size_t kCategoryMax = 32;
constexpr std::size_t kLabelMax = 255;

enum Column : std::uint8_t { first, last, country, product, nature, category, bank_code, bank_label };

std::uint64_t filled(std::string_view digits, char with) {
  std::string full(digits.substr(0, kDigits));
  full.resize(kDigits, with);
  return base::parse_int<std::uint64_t>(full).value_or(0);
}

bool is_prefix(std::string_view text) {
  return base::is_digits(text) && text.size() >= kDigitsMin && text.size() <= kDigits;
}

bool all_of(std::string_view text, bool (*is)(char)) { return std::ranges::all_of(text, is); }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
bool is_word(char c) { return is_letter_or_digit(c) || c == '_'; }

// The rule that a row breaks; empty if none.
std::string_view fault_of(const std::vector<std::string>& row) {
  if (!is_prefix(row[first]) || (!row[last].empty() && !is_prefix(row[last])))
    return "first and last have 6 to 19 digits";
  if (row[country].size() != 2 || !all_of(row[country], is_letter)) return "country has two letters (ISO 3166)";
  if (row[product].size() > kProductMax || !all_of(row[product], is_letter_or_digit))
    return "product has at most three letters or digits";
  if (row[nature].size() > 1 || !all_of(row[nature], is_letter)) return "nature is one letter: C, D or P";
  if (row[category].size() > kCategoryMax || !all_of(row[category], is_word))
    return "category has at most 32 letters, digits or _";
  constexpr std::size_t kBankCode = 5;
  if (row[bank_code].size() > kBankCode || !all_of(row[bank_code], is_digit)) return "bank_code has at most 5 digits";
  if (base::utf8_length(row[bank_label]) > kLabelMax) return "bank_label has at most 255 characters";
  return {};
}

std::vector<base::CsvColumn> columns() {
  return {{.name = "first"},
          {.name = "last", .required = false},
          {.name = "country"},
          {.name = "product", .required = false},
          {.name = "nature", .required = false},
          {.name = "category", .required = false},
          {.name = "bank_code", .required = false},
          {.name = "bank_label", .required = false}};
}

}  // namespace

// One table as it is read: its ranges so far, its facts by their text, and what is wrong.
class TableReader {
 public:
  base::Result<CardTable> read(std::istream& in) {
    ACQUIT_TRY(auto reader, base::CsvReader::open(in, columns()));
    for (;;) {
      // A row that can't be told from the next leaves no way on.
      ACQUIT_TRY(auto row, reader.next());
      if (!row) break;
      for (const Column column : {country, product, nature, category})
        row->values[column] = base::ascii_upper(row->values[column]);
      take(row->values, row->line);
    }
    find_overlaps();
    if (faults_ > kFaultsMax) told_ += "\nand " + std::to_string(faults_ - kFaultsMax) + " more";
    if (faults_ > 0) return base::fail(base::ErrorCode::field_value, told_);
    return std::move(table_);
  }

 private:
  void fault(std::size_t line, std::string_view what) {
    if (++faults_ > kFaultsMax) return;
    told_ += (told_.empty() ? "line " : "\nline ") + std::to_string(line) + ": " + std::string(what);
  }

  void take(const std::vector<std::string>& row, std::size_t line) {
    if (const std::string_view rule = fault_of(row); !rule.empty()) return fault(line, rule);
    const CardTable::Range range{.first = filled(row[first], '0'),
                                 .last = filled(row[last].empty() ? row[first] : row[last], '9'),
                                 .facts = place_of({.country = row[country],
                                                    .product = row[product],
                                                    .nature = row[nature],
                                                    .category = row[category],
                                                    .bank_code = row[bank_code],
                                                    .bank_label = row[bank_label]}),
                                 .line = line};
    if (range.last < range.first) return fault(line, "last lies before first");
    table_.ranges_.push_back(range);
  }

  std::size_t place_of(CardFacts facts) {
    const auto [known, added] = places_.try_emplace(to_text(facts), table_.facts_.size());
    if (added) table_.facts_.push_back(std::move(facts));
    return known->second;
  }

  void find_overlaps() {
    auto& ranges = table_.ranges_;
    std::ranges::sort(ranges, {}, [](const CardTable::Range& r) { return std::pair(r.first, r.line); });
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      if (ranges[i].first > ranges[i - 1].last) continue;
      fault(std::max(ranges[i].line, ranges[i - 1].line),
            "overlaps line " + std::to_string(std::min(ranges[i].line, ranges[i - 1].line)));
    }
  }

  CardTable table_;
  std::map<std::string, std::size_t> places_;
  std::size_t faults_ = 0;
  std::string told_;
};

base::Result<CardTable> CardTable::read(std::istream& in) { return TableReader().read(in); }

const CardFacts* CardTable::find(std::string_view digits) const {
  const std::uint64_t number = filled(digits, '0');
  const auto after = std::ranges::upper_bound(ranges_, number, {}, &Range::first);
  if (after == ranges_.begin()) return nullptr;
  const Range& range = *std::prev(after);
  return number <= range.last ? &facts_[range.facts] : nullptr;
}

base::Result<std::unique_ptr<CardRanges>> CardRanges::load(const std::string& file) {
  std::unique_ptr<CardRanges> ranges(new CardRanges(file));
  std::istringstream built_in{std::string(embedded::test_card_ranges().front().content)};
  auto test_cards = CardTable::read(built_in);
  if (!test_cards) throw std::logic_error("test_card_ranges.csv: " + test_cards.error().detail);
  ranges->test_cards_ = *std::move(test_cards);
  ACQUIT_CHECK(ranges->reload());
  return ranges;
}

base::Result<void> CardRanges::reload() {
  CardTable read;
  if (!file_.empty()) {
    std::ifstream in(file_, std::ios::binary);
    if (!in) return base::fail(base::ErrorCode::configuration_invalid, file_ + ": can't be read", file_);
    auto table = CardTable::read(in);
    if (!table) return base::fail(base::ErrorCode::configuration_invalid, file_ + ": " + table.error().detail, file_);
    read = *std::move(table);
  }
  auto next = std::make_shared<const CardTable>(std::move(read));
  const std::lock_guard lock(mutex_);
  table_ = std::move(next);
  return {};
}

std::shared_ptr<const CardTable> CardRanges::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

std::size_t CardRanges::size() const { return table()->size(); }

CardFacts CardRanges::find(merchants::Mode mode, std::string_view digits) const {
  const auto used = table();
  const CardFacts* facts = used->find(digits);
  if (facts == nullptr && mode == merchants::Mode::test) facts = test_cards_.find(digits);
  return facts == nullptr ? CardFacts{} : *facts;
}

}  // namespace acquit::payments
