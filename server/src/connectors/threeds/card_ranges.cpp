#include "connectors/threeds/card_ranges.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::threeds {
namespace {

std::optional<std::array<int, 3>> numbers_of(std::string_view version) {
  const auto parts = base::split(version, '.');
  if (parts.size() != 3) return std::nullopt;
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = base::parse_int<int>(parts[i]);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return numbers;
}

// An end that is not given is open.
bool lies_within(std::string_view version, std::string_view first, std::string_view last) {
  const auto value = numbers_of(version);
  const auto low = numbers_of(first);
  const auto high = numbers_of(last);
  return (!low || *low <= *value) && (!high || *value <= *high);
}

}  // namespace

std::optional<CardRanges::Key> CardRanges::key_of(const CardRange& range) {
  const auto start = base::parse_int<std::uint64_t>(range.start);
  const auto end = base::parse_int<std::uint64_t>(range.end);
  if (!start || !end || *start > *end || range.start.size() != range.end.size()) return std::nullopt;
  return Key{.length = range.start.size(), .start = *start, .end = *end};
}

CardRanges::CardRanges(const CardRanges& base, const std::vector<CardRange>& changes) {
  std::map<Key, CardRange> ranges;
  for (const Entry& entry : base.entries_) ranges.emplace(entry.key, entry.range);
  for (const CardRange& change : changes) {
    const auto key = key_of(change);
    if (!key) continue;
    if (change.action == RangeAction::remove) {
      ranges.erase(*key);
    } else {
      ranges.insert_or_assign(*key, change);
    }
  }
  entries_.reserve(ranges.size());
  for (auto& [key, range] : ranges) {
    const bool same_length = !entries_.empty() && entries_.back().key.length == key.length;
    const std::uint64_t before = same_length ? entries_.back().end_max : 0;
    entries_.push_back(Entry{.key = key, .end_max = std::max(before, key.end), .range = std::move(range)});
  }
}

const CardRange* CardRanges::find(std::string_view pan) const {
  const auto number = base::parse_int<std::uint64_t>(pan);
  if (!number || !base::is_digits(pan)) return nullptr;
  const Key beyond{.length = pan.size(), .start = *number, .end = UINT64_MAX};
  auto at = std::ranges::upper_bound(entries_, beyond, {}, &Entry::key);
  const Entry* narrowest = nullptr;
  while (at != entries_.begin()) {
    --at;
    if (at->key.length != pan.size() || at->end_max < *number) break;
    if (at->key.end < *number) continue;
    const auto width = [](const Entry& entry) { return entry.key.end - entry.key.start; };
    if (narrowest == nullptr || width(*at) < width(*narrowest)) narrowest = &*at;
  }
  return narrowest == nullptr ? nullptr : &narrowest->range;
}

std::optional<Version> common_version(const CardRange& range, std::string_view ds_first_version,
                                      std::string_view ds_last_version) {
  const std::string_view first = range.ds_first_version.empty() ? ds_first_version : range.ds_first_version;
  const std::string_view last = range.ds_last_version.empty() ? ds_last_version : range.ds_last_version;
  for (const Version version : {Version::v220, Version::v210}) {
    const std::string_view text = to_string(version);
    if (lies_within(text, range.acs_first_version, range.acs_last_version) && lies_within(text, first, last)) {
      return version;
    }
  }
  return std::nullopt;
}

}  // namespace acquit::threeds
