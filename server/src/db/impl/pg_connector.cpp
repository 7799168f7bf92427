#include "db/impl/pg_connector.h"

#include <algorithm>
#include <optional>

#include "base/list.h"
#include "base/log.h"
#include "db/impl/pg_wait.h"

namespace acquit::db::impl {
namespace {

constexpr base::Milliseconds kFirstWait{50};
constexpr base::Milliseconds kLongestWait{1000};
constexpr base::Milliseconds kConnectLimit{5000};
/// How long a host may be alone before the next one is tried beside it.
constexpr base::Milliseconds kHeadStart{100};
/// How long a name server may take where the address is remembered, and how often its answer is looked for.
constexpr base::Milliseconds kNamePatience{500};
constexpr base::Milliseconds kNameLook{5};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::unexpected<base::Error> unavailable(const std::string& why) {
  return base::fail(base::ErrorCode::database_unavailable, "postgresql: " + why);
}

std::string message_of(const PGconn* connection) {
  std::string message = connection ? PQerrorMessage(connection) : "out of memory";
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

/// The host once for each of its addresses, as libpq wants it.
PgHost repeated(const PgHost& host, const PgNames::Addresses& addresses) {
  PgHost all;
  for (const std::string& address : addresses) {
    const std::string comma = all.host.empty() ? "" : ",";
    all.host += comma + host.host;
    all.hostaddr += comma + address;
    if (!host.port.empty()) all.port += comma + host.port;
  }
  return all;
}

/// `addresses` are what the host's name stands for, if it is one; libpq tries them in turn, and looks nothing up.
PgHandle begin_connecting(const std::string& url, const PgHost& host, const PgNames::Addresses& addresses,
                          PgRole role) {
  // What stands before dbname is a default that the address may change.
  std::vector<const char*> keywords = {
      "keepalives_idle",           "keepalives_interval",  "keepalives_count", "tcp_user_timeout",
      "fallback_application_name", "target_session_attrs", "dbname",           "client_encoding"};
  std::vector<const char*> values = {
      "10", "5", "3", "15000", "acquit", role == PgRole::primary ? "read-write" : "any", url.c_str(), "UTF8"};
  const auto add = [&](const char* keyword, const std::string& value) {
    if (value.empty()) return;
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  };
  const PgHost all = addresses.empty() ? host : repeated(host, addresses);
  add("host", all.host);
  add("hostaddr", all.hostaddr);
  add("port", all.port);
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PgHandle(PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/1));
}

/// Several hosts, each on its way to a connection.
class Race {
 public:
  Race(const std::string& url, const std::vector<PgHost>& hosts, const PgWish& wish)
      : url_(url), hosts_(hosts), role_(wish.role), names_(wish.names) {
    const std::size_t first = std::min(wish.first, hosts.size() - 1);
    order_.push_back(first);
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      if (i != first) order_.push_back(i);
    }
  }

  [[nodiscard]] base::Result<PgConnected> run(base::Monotonic until) {
    while (!lost()) {
      const base::Monotonic now = clock_.monotonic();
      if (started_ < order_.size() && (nobody() || now >= next_start_)) start(now);
      find_names(now);
      if (nobody()) continue;
      base::Monotonic next = started_ < order_.size() ? std::min(next_start_, until) : until;
      if (!unnamed_.empty()) next = std::min(next, now + kNameLook);
      wait(next);
      if (auto won = advance()) return *std::move(won);
      if (clock_.monotonic() >= until) return unavailable("no host answered in time" + why_);
    }
    return unavailable(why_.empty() ? "no host" : why_.substr(2));
  }

 private:
  struct Runner {
    std::size_t host;
    PgHandle handle;
    pollfd socket;
  };
  /// A host whose name is being looked up.
  struct Unnamed {
    std::size_t host;
    std::uint64_t number;
    base::Monotonic since;
  };

  [[nodiscard]] bool nobody() const { return running_.empty() && unnamed_.empty(); }
  [[nodiscard]] bool lost() const { return nobody() && started_ == order_.size(); }

  void start(base::Monotonic now) {
    const std::size_t host = order_[started_++];
    next_start_ = now + kHeadStart;
    if (!hosts_[host].hostaddr.empty() || !PgNames::is_name(hosts_[host].host)) return connect(host, {});
    unnamed_.push_back({.host = host, .number = names_.ask(hosts_[host].host), .since = now});
  }

  void find_names(base::Monotonic now) {
    std::erase_if(unnamed_, [&](const Unnamed& one) {
      const auto found = names_.answer(hosts_[one.host].host, one.number, now - one.since >= kNamePatience);
      if (!found) return false;
      if (*found) {
        connect(one.host, **found);
      } else {
        why_ += "; " + found->error().detail;
      }
      return true;
    });
  }

  void connect(std::size_t host, const PgNames::Addresses& addresses) {
    PgHandle handle = begin_connecting(url_, hosts_[host], addresses, role_);
    if (!handle || PQstatus(handle.get()) == CONNECTION_BAD) return fail(handle.get());
    const int socket = PQsocket(handle.get());
    running_.push_back(
        {.host = host, .handle = std::move(handle), .socket = {.fd = socket, .events = POLLOUT, .revents = 0}});
  }

  void wait(base::Monotonic until) {
    std::vector<pollfd> sockets;
    for (const Runner& runner : running_) sockets.push_back(runner.socket);
    static_cast<void>(poll_until(sockets, until));
    for (std::size_t i = 0; i < sockets.size(); ++i) running_[i].socket.revents = sockets[i].revents;
  }

  std::optional<PgConnected> advance() {
    for (auto runner = running_.begin(); runner != running_.end();) {
      if (runner->socket.revents == 0) {
        ++runner;
        continue;
      }
      PGconn* const connection = runner->handle.get();
      const PostgresPollingStatusType wants = PQconnectPoll(connection);
      if (wants == PGRES_POLLING_OK) {
        return PgConnected{.handle = std::move(runner->handle), .host = runner->host, .session = {}};
      }
      if (wants == PGRES_POLLING_FAILED) {
        fail(connection);
        runner = running_.erase(runner);
        continue;
      }
      // Another address of the same name may be another socket.
      runner->socket = {.fd = PQsocket(connection),
                        .events = static_cast<short>(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                        .revents = 0};
      ++runner;
    }
    return std::nullopt;
  }

  void fail(const PGconn* connection) { why_ += "; " + message_of(connection); }

  const std::string& url_;
  const std::vector<PgHost>& hosts_;
  const PgRole role_;
  PgNames names_;
  base::OsClock clock_;
  std::vector<std::size_t> order_;
  std::size_t started_ = 0;
  base::Monotonic next_start_;
  std::vector<Runner> running_;
  std::vector<Unnamed> unnamed_;
  std::string why_;
};

/// Our bounds on waiting, unless the address has set its own by `options`. Said to the session and not on the way in:
/// connection pools such as PgBouncer take no options then.
std::string settings(base::Milliseconds time_limit) {
  return "select count(set_config(ours.name, ours.value, false)),"
         " (select pid || '/' || extract(epoch from backend_start) from pg_stat_activity where pid = pg_backend_pid())"
         " from pg_settings join (values ('lock_timeout', '5s'),"
         " ('statement_timeout', '" +
         std::to_string(time_limit.count()) +
         "'), ('idle_in_transaction_session_timeout', '60s'),"
         // A plan that was cached while a table was small would read it whole for ever; every statement of ours has an
         // index.
         " ('enable_seqscan', 'off'), ('bytea_output', 'hex')) as ours (name, value) using (name)"
         " where source <> 'client'";
}

/// Sets the session up; its name.
base::Result<std::string> set_up(PGconn* connection, base::Milliseconds time_limit, base::Monotonic until) {
  PQsetNoticeReceiver(connection, [](void*, const PGresult*) {}, nullptr);
  if (PQsendQuery(connection, settings(time_limit).c_str()) != 1) return unavailable(message_of(connection));
  std::string session;
  while (pg_wait_for_result(connection, until)) {
    const PgResult result(PQgetResult(connection));
    if (!result) return session;
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return std::unexpected(pg_failure(result.get()).error);
    session = PQgetvalue(result.get(), 0, 1);
  }
  return unavailable("connected, but no answer in time");
}

}  // namespace

base::Result<std::vector<PgHost>> pg_hosts(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &message));
  if (!options) {
    // libpq's words may quote the address with its password.
    PQfreemem(message);
    return base::fail(base::ErrorCode::configuration_invalid, "the database address can't be read", "database.url");
  }
  const auto list = [&](std::string_view keyword) {
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
      if (keyword == option->keyword && option->val != nullptr) return base::split(option->val, ',');
    }
    return std::vector<std::string_view>{};
  };
  const auto hosts = list("host");
  const auto addresses = list("hostaddr");
  const auto ports = list("port");
  const auto at = [](const std::vector<std::string_view>& all, std::size_t i) {
    if (all.size() == 1) return std::string(all.front());
    return i < all.size() ? std::string(all[i]) : std::string();
  };
  std::vector<PgHost> out;
  for (std::size_t i = 0; i < std::max({hosts.size(), addresses.size(), std::size_t{1}}); ++i) {
    out.push_back({.host = at(hosts, i), .hostaddr = at(addresses, i), .port = at(ports, i)});
  }
  return out;
}

base::Result<PgConnected> pg_connect(const std::string& url, const PgWish& wish) {
  ACQUIT_TRY(const std::vector<PgHost> hosts, pg_hosts(url));
  const base::Monotonic until = std::min(wish.until, base::OsClock().monotonic() + kConnectLimit);
  ACQUIT_TRY(PgConnected made, Race(url, hosts, wish).run(until));
  ACQUIT_TRY(made.session, set_up(made.handle.get(), wish.time_limit, until));
  return made;
}

base::Result<std::size_t> PgConnector::may_try() {
  const std::lock_guard lock(mutex_);
  if (wait_.count() == 0) return host_;
  if (trying_ || clock_.monotonic() < next_try_) return std::unexpected(last_error_);
  trying_ = true;
  return host_;
}

void PgConnector::note_success(std::size_t host) {
  const std::lock_guard lock(mutex_);
  trying_ = false;
  wait_ = base::Milliseconds{0};
  if (host != host_) ++take_overs_;
  host_ = host;
}

void PgConnector::note_failure(const base::Error& error) {
  const std::lock_guard lock(mutex_);
  trying_ = false;
  wait_ = std::clamp(wait_ * 2, kFirstWait, kLongestWait);
  next_try_ = clock_.monotonic() + wait_;
  last_error_ = error;
}

base::Result<std::unique_ptr<PgConnection>> PgConnector::open(base::Monotonic until) {
  ACQUIT_TRY(const std::size_t first, may_try());
  auto made =
      pg_connect(url_, {.time_limit = time_limit_, .until = until, .first = first, .role = role_, .names = names_});
  if (!made) {
    note_failure(made.error());
    base::log::failed("database_connect", made.error());
    return std::unexpected(std::move(made).error());
  }
  note_success(made->host);
  ACQUIT_TRY(auto connection, PgConnection::take(std::move(made->handle), std::move(made->session), round_trips_));
  connection->start_clock(until);
  return connection;
}

}  // namespace acquit::db::impl
