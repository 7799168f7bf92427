#include "base/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"

namespace acquit::base {
namespace {

constexpr std::size_t kRecordMax = 65'536;
constexpr std::size_t kAbsent = std::numeric_limits<std::size_t>::max();
constexpr int kEnd = std::istream::traits_type::eof();
constexpr std::string_view kSeparators = ",;\t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t place_of(const std::vector<std::string>& heading, std::string_view name) {
  const auto found = std::ranges::find(heading, ascii_lower(name), [](const auto& text) { return ascii_lower(text); });
  return found == heading.end() ? kAbsent : static_cast<std::size_t>(found - heading.begin());
}

void skip_byte_order_mark(std::istream& in) {
  std::size_t read = 0;
  while (read < kByteOrderMark.size() && in.peek() == std::istream::traits_type::to_int_type(kByteOrderMark[read])) {
    in.get();
    ++read;
  }
  if (read == kByteOrderMark.size()) return;
  for (; read > 0; --read) in.unget();
}

}  // namespace

std::unexpected<Error> CsvReader::fault(ErrorCode code, std::string_view what) const {
  return fail(code, fmt::format("line {}: {}", begins_, what));
}

// The next character, where every spelling of a line's end is '\n'; kEnd at the end.
int CsvReader::take() {
  int c = in_->get();
  if (c == '\r') {
    if (in_->peek() == '\n') in_->get();
    c = '\n';
  }
  if (c == '\n') ++line_;
  ++bytes_;
  return c;
}

// What stands between quotes, the opening one already read; a doubled quote is one of the text.
Result<void> CsvReader::quoted(std::string& field) {
  for (int c = take(); bytes_ <= kRecordMax; c = take()) {
    if (c == kEnd) return fault(ErrorCode::field_format, "a quote is not closed");
    if (c == '"') {
      if (in_->peek() != '"') return {};
      take();
    }
    field += static_cast<char>(c);
  }
  return fault(ErrorCode::field_too_long, "the record is too long; perhaps a quote is not closed");
}

// One record with its fields; nothing at the end.
Result<std::optional<std::vector<std::string>>> CsvReader::record() {
  begins_ = line_;
  bytes_ = 0;
  std::vector<std::string> fields(1);
  bool closed = false;  // The field was in quotes, which are closed.
  for (int c = take();; c = take()) {
    if (bytes_ > kRecordMax) return fault(ErrorCode::field_too_long, "the record is too long");
    if (c == kEnd && bytes_ == 1) return std::nullopt;
    if (c == kEnd || c == '\n') break;
    const char character = static_cast<char>(c);
    if (separator_ == 0 && kSeparators.contains(character)) separator_ = character;
    std::string& field = fields.back();
    if (character == separator_) {
      fields.emplace_back();
      closed = false;
    } else if (character == '"' && trim(field).empty() && !closed) {
      field.clear();
      ACQUIT_CHECK(quoted(field));
      closed = true;
    } else if (character == '"' || (closed && character != ' ')) {
      return fault(ErrorCode::field_format, "a quote stands within a field; such a field is put in quotes whole");
    } else if (!closed) {
      field += character;
    }
  }
  for (std::string& field : fields) {
    if (!is_valid_utf8(field)) return fault(ErrorCode::field_format, "the text is not in UTF-8");
    field = trim(field);
  }
  return fields;
}

Result<CsvReader> CsvReader::open(std::istream& in, std::vector<CsvColumn> columns) {
  CsvReader reader(in);
  skip_byte_order_mark(in);
  ACQUIT_TRY(auto heading, reader.record());
  if (!heading) return reader.fault(ErrorCode::field_missing, "the table is empty; its first line names the columns");
  for (const CsvColumn& column : columns) {
    const std::size_t place = place_of(*heading, column.name);
    if (place == kAbsent && column.required) {
      return reader.fault(ErrorCode::field_missing, fmt::format("the heading has no column {}", column.name));
    }
    reader.places_.push_back(place);
  }
  reader.width_ = heading->size();
  return reader;
}

Result<std::optional<CsvRow>> CsvReader::next() {
  for (;;) {
    ACQUIT_TRY(auto fields, record());
    if (!fields) return std::nullopt;
    if (fields->size() == 1 && fields->front().empty() && width_ != 1) continue;
    if (fields->size() != width_) {
      return fault(ErrorCode::field_format, fmt::format("{} fields, where the heading has {}", fields->size(), width_));
    }
    CsvRow row{.line = begins_, .values = {}};
    for (const std::size_t place : places_) {
      row.values.push_back(place == kAbsent ? std::string() : std::move((*fields)[place]));
    }
    return row;
  }
}

}  // namespace acquit::base
