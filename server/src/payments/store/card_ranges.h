// CardRanges: which ranges of card numbers were issued by whom, from a table that the operator brings as CSV, with the
// ranges of the test cards built in (test_card_ranges.csv; docs/operate.md describes the columns).
//
// A table is checked whole before it is used, and replaced whole: a bad one leaves the former in use. Equal facts are
// held once, so that some hundred thousand rows take a few megabytes. Safe from any thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "merchants/shop.h"
#include "payments/nouns/card_facts.h"

namespace acquit::payments {

class CardTable {
 public:
  /// Errors: field_value, whose detail names every fault with its line (at most twenty); field_missing (a column).
  static base::Result<CardTable> read(std::istream& in);
  /// The facts of the range that holds `digits`; null if none does.
  [[nodiscard]] const CardFacts* find(std::string_view digits) const;
  [[nodiscard]] std::size_t size() const { return ranges_.size(); }

 private:
  struct Range {
    std::uint64_t first = 0;  ///< Of nineteen digits, as is last.
    std::uint64_t last = 0;
    std::size_t facts = 0;
    std::size_t line = 0;
  };
  std::vector<Range> ranges_;  // In order, none overlaps another.
  std::vector<CardFacts> facts_;
  friend class TableReader;
};

class CardRanges {
 public:
  /// `file`: path of the operator's table; empty: none. Errors: configuration_invalid (not readable, or its faults).
  static base::Result<std::unique_ptr<CardRanges>> load(const std::string& file);
  /// Reads the file again. Errors as load(); then the former table goes on.
  base::Result<void> reload();
  /// Test cards are known in TEST, whatever the operator's table says of other numbers.
  [[nodiscard]] CardFacts find(merchants::Mode mode, std::string_view digits) const;
  [[nodiscard]] std::size_t size() const;

 private:
  explicit CardRanges(std::string file) : file_(std::move(file)) {}
  [[nodiscard]] std::shared_ptr<const CardTable> table() const;

  const std::string file_;
  CardTable test_cards_;
  mutable std::mutex mutex_;
  std::shared_ptr<const CardTable> table_;  // Shared: a reload replaces it under readers.
};

}  // namespace acquit::payments
