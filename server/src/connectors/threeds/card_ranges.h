// CardRanges: which card numbers take part in 3-D Secure, in which versions, as the directory server lists them.
//
// An immutable table made from a full list or from another one and its changes (PRes with a serial number). Lookup is a
// binary search; where ranges overlap, the narrowest wins. Safe to read from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/threeds/version.h"

namespace acquit::threeds {

enum class RangeAction : char { add = 'A', remove = 'D', modify = 'M' };

struct CardRange {
  std::string start;  ///< First and last card number, of the same length.
  std::string end;
  RangeAction action = RangeAction::add;
  std::string acs_first_version;
  std::string acs_last_version;
  std::string ds_first_version;  ///< Empty: as the whole directory server.
  std::string ds_last_version;
  std::string method_url;  ///< Empty: no 3DS Method.
};

class CardRanges {
 public:
  CardRanges() = default;
  /// `base` with `changes` made; ranges whose ends don't fit together are left out.
  CardRanges(const CardRanges& base, const std::vector<CardRange>& changes);

  /// The range that `pan` is in, or null.
  [[nodiscard]] const CardRange* find(std::string_view pan) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Key {
    std::size_t length = 0;  // Numbers of different lengths are different worlds.
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    std::uint64_t end_max = 0;  // Largest end among this and all earlier entries of the length.
    CardRange range;
  };
  static std::optional<Key> key_of(const CardRange& range);

  std::vector<Entry> entries_;  // By key.
};

/// The highest version that we, the directory server and the issuer have in common.
[[nodiscard]] std::optional<Version> common_version(const CardRange& range, std::string_view ds_first_version,
                                                    std::string_view ds_last_version);

}  // namespace acquit::threeds
