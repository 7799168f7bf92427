#include "db/impl/engine_support.h"

#include <cstring>
#include <exception>
#include <stdexcept>

#include "base/log.h"
#include "base/utf8.h"

namespace acquit::db::impl {
namespace {

base::Error thrown(const std::exception& exception) {
  base::log::error("database_work_threw", {{"what", exception.what()}});
  return {.code = base::ErrorCode::internal, .field = {}, .detail = "a database work threw"};
}

/// True if all eight bytes are ASCII and none is NUL.
bool is_plain(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  return ((word | (word - kOnes)) & kHighs) == 0;
}

}  // namespace

Counters AtomicCounters::read() const {
  return {.commits = commits.load(),
          .works = works.load(),
          .rolled_back = rolled_back.load(),
          .retried_alone = retried_alone.load(),
          .refused_full = refused_full.load(),
          .syncs = 0,
          .standby_reads = 0,
          .round_trips = round_trips.load()};
}

base::Result<void> run_guarded(Work& work, Tx& tx) {
  try {
    return work.run(tx);
  } catch (const std::exception& exception) {
    return std::unexpected(thrown(exception));
  }
}

void run_guarded(ReadWork& work, ReadTx& tx) {
  try {
    work.run(tx);
    work.finish();
  } catch (const std::exception& exception) {
    work.refuse(thrown(exception));
  }
}

bool is_storable_text(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if (!is_plain(word)) break;
  }
  const std::string_view rest = text.substr(at);
  return rest.find('\0') == std::string_view::npos && base::is_valid_utf8(rest);
}

std::unexpected<base::Error> unstorable_text(const Statement& statement) {
  return base::fail(base::ErrorCode::constraint_violated,
                    statement.name + ": text holds a NUL character or is not UTF-8");
}

void statement_bug(const Statement& statement, std::string_view what) {
  throw std::logic_error("statement " + statement.name + ": " + std::string(what));
}

base::Error cancelled_error() {
  return {.code = base::ErrorCode::cancelled, .field = {}, .detail = "the database is shutting down"};
}

base::Error late_error() {
  return {.code = base::ErrorCode::database_unavailable,
          .field = {},
          .detail = "the database did not get to it in time; nothing was done"};
}

void finish_late(WorkQueue<Work>& line, base::Milliseconds limit) {
  std::vector<Work*> works;
  line.take_late(limit, works);
  for (Work* work : works) work->finish(std::unexpected(late_error()));
}

void finish_late(WorkQueue<ReadWork>& line, base::Milliseconds limit) {
  std::vector<ReadWork*> works;
  line.take_late(limit, works);
  for (ReadWork* work : works) work->refuse(late_error());
}

}  // namespace acquit::db::impl
