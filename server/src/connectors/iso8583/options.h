// Options and counters of an ISO 8583 link. Plain values.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/wire.h"
#include "net/stream.h"

namespace acquit::iso8583 {

struct Iso8583Options {
  std::string address{};  ///< "host:port" of the acquirer.
  net::TlsEnd end{};      ///< Whether and with whom it speaks TLS.
  std::size_t links = 1;
  int node = 0;  ///< 0 to 99, another one for each process that speaks to this acquirer: its share of trace numbers.
  WireFormat format{};
  Echoes echoes = Echoes::all;
  base::Milliseconds connect_limit{5'000};
  base::Milliseconds request_time_limit{20'000};  ///< From queueing to the answer.
  base::Milliseconds echo_interval{60'000};       ///< Of silence, before the link is tried.
  base::Milliseconds reconnect_first{200};        ///< Before the second attempt; doubled each time,
  base::Milliseconds reconnect_most{30'000};  ///< up to this; each wait is shortened by chance, at most to its half.
  std::size_t max_in_flight = 4096;           ///< A link; more wait in line.
  base::Milliseconds wait_limit{5'000};       ///< In line, for a link or for room on one.
  std::size_t waiting_max = 16'384;           ///< In line; more are not taken.
  /// Bytes: what four digits can say. A longer one is garbage, as is text that is read as two bytes of length.
  std::size_t max_message = 9'999;
};

/// What happened since the start. Safe from any thread.
struct LinkCounters {
  std::atomic<std::uint64_t> connects{0};   ///< Signed on.
  std::atomic<std::uint64_t> answers{0};    ///< Brought to who waited.
  std::atomic<std::uint64_t> time_outs{0};  ///< Requests given up.
  std::atomic<std::uint64_t> late_answers{
      0};  ///< To a request that was over; a repetition, or who reverses, gets to know.
  std::atomic<std::uint64_t> unexpected_answers{0};  ///< A second time, or to what was never asked; ignored.
  std::atomic<std::uint64_t> unusable{0};  ///< Messages that can't be read, and answers that can't be believed.
  std::atomic<std::uint64_t> garbage{0};   ///< Links closed because what came can't be cut into messages.
};

}  // namespace acquit::iso8583
