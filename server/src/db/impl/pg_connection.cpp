#include "db/impl/pg_connection.h"

#include <charconv>
#include <cstring>

#include "db/impl/engine_support.h"
#include "db/impl/pg_wait.h"

namespace acquit::db::impl {
namespace {

constexpr std::size_t kIntegerRoom = 21;  // A sign, 19 digits and the end.

const Statement& has_session_statement() {
  static const Statement kStatement{
      .name = "acquit.has_session",
      .sqlite = {},
      .postgresql =
          "select 1 from pg_stat_activity where pid || '/' || extract(epoch from backend_start) = cast($1 as text)"};
  return kStatement;
}

}  // namespace

base::Result<std::unique_ptr<PgConnection>> PgConnection::take(PgHandle handle, std::string session,
                                                               std::atomic<std::uint64_t>& round_trips) {
  if (PQsetnonblocking(handle.get(), 1) != 0 || PQenterPipelineMode(handle.get()) != 1) {
    return base::fail(base::ErrorCode::database_unavailable, "postgresql: no pipeline mode");
  }
  std::unique_ptr<PgConnection> made(
      new PgConnection(std::move(handle), std::move(session), round_trips));  // tidy: a private constructor
  return made;
}

PgOutcome<bool> PgConnection::has_session(const std::string& session) {
  static_cast<void>(queue(has_session_statement(), {session}));
  auto found = sync();
  if (!found) return std::unexpected(std::move(found).error());
  return PQntuples(found->get()) > 0;
}

bool PgConnection::usable() {
  if (lost_ || stale_) return false;
  // Twice: the first takes in a farewell, the second sees the end of the stream behind it.
  if (PQconsumeInput(handle_.get()) == 0 || PQconsumeInput(handle_.get()) == 0) lost_ = true;
  return !lost_;
}

base::Result<void> PgConnection::queue(const Statement& statement, Params params, std::shared_ptr<Asked::Place> place) {
  if (!gather(params)) return unstorable_text(statement);
  send(find(statement), std::move(place));
  return {};
}

base::Result<void> PgConnection::queue_one(const Statement& statement, Params params) {
  if (!gather(params)) return unstorable_text(statement);
  send(find_one(statement), nullptr);
  return {};
}

base::Result<void> PgConnection::queue_cursor(const Statement& statement, Params params) {
  if (!gather(params)) return unstorable_text(statement);
  send(find_cursor(statement), nullptr);
  return {};
}

void PgConnection::queue(const Statement& statement) {
  values_.clear();
  send(find(statement), nullptr);
}

bool PgConnection::gather(Params params) {
  std::size_t room = 0;
  for (const Param& param : params) {
    const auto* text = std::get_if<std::string_view>(&param.value());
    if (text && !is_storable_text(*text)) return false;
    room += text ? text->size() + 1 : kIntegerRoom;
  }
  scratch_.resize(std::max(room, scratch_.size()));
  values_.clear();
  lengths_.clear();
  formats_.clear();
  char* at = scratch_.data();
  for (const Param& param : params) {
    const char* value = nullptr;
    int length = 0;
    int format = 0;
    if (const auto* integer = std::get_if<std::int64_t>(&param.value())) {
      value = at;
      at = std::to_chars(at, at + kIntegerRoom, *integer).ptr;
      *at++ = '\0';
    } else if (const auto* text = std::get_if<std::string_view>(&param.value())) {
      value = at;
      at = std::copy(text->begin(), text->end(), at);
      *at++ = '\0';
    } else if (const auto* bytes = std::get_if<Param::Bytes>(&param.value())) {
      value = bytes->view.data() ? bytes->view.data() : "";
      length = static_cast<int>(bytes->view.size());
      format = 1;
    }
    values_.push_back(value);
    lengths_.push_back(length);
    formats_.push_back(format);
  }
  return true;
}

PgConnection::Prepared& PgConnection::add_unkept(std::string text) {
  if (expected_.empty()) unkept_.clear();
  return unkept_.emplace_back(Prepared{.name = {}, .text = std::move(text), .readiness = Readiness::none});
}

PgConnection::Prepared& PgConnection::find(const Statement& statement) {
  if (!statement.is_kept) return add_unkept(statement.postgresql);
  const auto found = statements_.find(statement.name);
  if (found != statements_.end()) {
    if (found->second.text != statement.postgresql) statement_bug(statement, "another one has the same name");
    return found->second;
  }
  if (statement.postgresql.empty()) statement_bug(statement, "has no text for PostgreSQL");
  Prepared prepared{.name = statement.name, .text = statement.postgresql, .readiness = Readiness::none};
  return statements_.emplace(statement.name, std::move(prepared)).first->second;
}

PgConnection::Prepared& PgConnection::find_one(const Statement& statement) {
  const auto found = ones_.find(statement.name);
  if (found != ones_.end()) return found->second;
  const Prepared& plain = find(statement);
  // Without a row it divides by zero; two rows are none too.
  Prepared prepared{.name = plain.name + " of one row",
                    .text = "with changed as (" + plain.text +
                            " returning 1) select 1 / (case count(*) when 1 then 1 else 0 end) from changed",
                    .readiness = Readiness::none};
  return ones_.emplace(statement.name, std::move(prepared)).first->second;
}

PgConnection::Prepared& PgConnection::find_cursor(const Statement& statement) {
  const std::string before = "declare acquit_rows no scroll cursor for ";
  if (!statement.is_kept) return add_unkept(before + statement.postgresql);
  const auto found = cursors_.find(statement.name);
  if (found != cursors_.end()) return found->second;
  const Prepared& plain = find(statement);
  Prepared prepared{.name = plain.name + " row by row", .text = before + plain.text, .readiness = Readiness::none};
  return cursors_.emplace(statement.name, std::move(prepared)).first->second;
}

void PgConnection::send(Prepared& prepared, std::shared_ptr<Asked::Place> place) {
  if (lost_) return;
  ++group_;
  if (prepared.readiness == Readiness::none) {
    prepared.readiness = Readiness::sent;
    expect(PQsendPrepare(handle_.get(), prepared.name.c_str(), prepared.text.c_str(), 0, nullptr) == 1, Kind::prepare,
           &prepared);
  }
  expect(PQsendQueryPrepared(handle_.get(), prepared.name.c_str(), static_cast<int>(values_.size()), values_.data(),
                             lengths_.data(), formats_.data(), /*resultFormat=*/0) == 1,
         Kind::execute, &prepared, std::move(place));
}

void PgConnection::expect(bool sent, Kind kind, Prepared* prepared, std::shared_ptr<Asked::Place> place) {
  if (sent && !lost_) {
    expected_.push_back({.kind = kind, .prepared = prepared, .group = group_, .place = std::move(place)});
  } else {
    lost_ = true;
  }
}

PgOutcome<PgResult> PgConnection::await_last() {
  if (!lost_ && PQsendFlushRequest(handle_.get()) != 1) lost_ = true;
  return consume_all();
}

PgOutcome<PgResult> PgConnection::sync() {
  if (!lost_) expect(PQpipelineSync(handle_.get()) == 1, Kind::sync, nullptr);
  return consume_all();
}

void PgConnection::sync_later() {
  if (!lost_) expect(PQpipelineSync(handle_.get()) == 1, Kind::sync, nullptr);
}

PgOutcome<PgResult> PgConnection::consume_all() {
  if (!lost_ && !expected_.empty()) count(round_trips_);
  std::optional<PgFailure> failure;
  PgResult last;
  while (!lost_ && !expected_.empty()) {
    const Expected expected = std::move(expected_.front());
    expected_.pop_front();
    PgResult result = consume_one(expected, failure);
    if (result && expected.place) expected.place->rows = pg_rows(result.get());
    if (expected.kind == Kind::execute) last = std::move(result);
  }
  if (lost_) {
    expected_.clear();
    if (!failure) failure = lost_failure();
    failure->lost = true;
  }
  if (failure) return std::unexpected(*std::move(failure));
  return last;
}

bool PgConnection::wait_for_result() {
  if (PQisBusy(handle_.get()) == 0) return true;
  const base::Monotonic since = clock_.monotonic();
  timed_out_ = !pg_wait_for_result(handle_.get(), since + left_);
  left_ -= clock_.monotonic() - since;
  lost_ = lost_ || timed_out_;
  return !timed_out_;
}

PgResult PgConnection::consume_one(const Expected& expected, std::optional<PgFailure>& failure) {
  if (!wait_for_result()) return nullptr;
  PgResult result(PQgetResult(handle_.get()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (!result || (expected.kind == Kind::sync) != (status == PGRES_PIPELINE_SYNC)) {
    // Out of step: only a lost connection does that.
    if (result && !failure) failure = pg_failure(result.get());
    lost_ = true;
    return nullptr;
  }
  if (expected.kind == Kind::sync) return nullptr;
  while (const PgResult rest{PQgetResult(handle_.get())}) {
  }
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (expected.kind == Kind::prepare) expected.prepared->readiness = done ? Readiness::ready : Readiness::none;
  if (done || status == PGRES_PIPELINE_ABORTED) return done ? std::move(result) : nullptr;
  if (!failure) {
    failure = pg_failure(result.get());
    failure->error.detail = expected.prepared->name + ": " + failure->error.detail;
    failure->own = expected.group == group_;
    stale_ = stale_ || failure->sqlstate == "26000" || failure->sqlstate == "0A000";
    if (stale_) failure->error.code = base::ErrorCode::database_unavailable;
    lost_ = lost_ || failure->lost;
  }
  return nullptr;
}

PgFailure PgConnection::lost_failure() {
  lost_ = true;
  return {.error = {.code = base::ErrorCode::database_unavailable,
                    .field = {},
                    .detail = timed_out_ ? "postgresql: no answer within the time limit; the connection is given up"
                                         : "postgresql: the connection was lost"},
          .sqlstate = {},
          .own = false,
          .serialisation = false,
          .lost = true};
}

}  // namespace acquit::db::impl
