// Reads what directory servers send: ARes, PRes, RReq, and writes the RRes. Pure; safe from any thread.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/threeds/authentication.h"
#include "connectors/threeds/card_ranges.h"
#include "connectors/threeds/message.h"

namespace acquit::threeds {

[[nodiscard]] AuthenticationAnswer to_answer(const EmvMessage& ares);

/// A PRes.
struct RangeList {
  std::string serial;
  std::string ds_first_version;
  std::string ds_last_version;
  std::vector<CardRange> ranges;
};
[[nodiscard]] RangeList to_range_list(const EmvMessage& pres);

/// What came to our results address, and what to answer (status 200, JSON; empty after an Erro).
struct Results {
  std::optional<ChallengeResult> result;  ///< Nothing if the message was no valid RReq.
  std::string answer;
};
/// The caller stores the result if it fits a transaction and answers `answer`, else refusal_of().
[[nodiscard]] Results read_results(std::string_view body);
/// The Erro for a result that is readable but fits no transaction of ours, or not in `field`.
[[nodiscard]] std::string refusal_of(const ChallengeResult& result, ProtocolErrorCode code, std::string field);

}  // namespace acquit::threeds
