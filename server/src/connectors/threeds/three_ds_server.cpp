#include "connectors/threeds/three_ds_server.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/number.h"
#include "base/utf8.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/areq.h"
#include "connectors/threeds/message.h"
#include "http/client.h"

namespace acquit::threeds {
namespace {

constexpr std::size_t kRangesAnswerMax = 64U << 20U;
constexpr std::size_t kAnswerMax = 256U << 10U;
constexpr base::Milliseconds kReportLimit{2'000};
constexpr std::size_t kUuidBytes = 16;

// Their Erro in our words: some say that their side is down, the others that our message was not understood.
std::unexpected<base::Error> refused(const EmvMessage& erro) {
  const auto code = static_cast<ProtocolErrorCode>(base::parse_int<std::uint16_t>(erro.get("errorCode")).value_or(0));
  const std::string detail = "The directory server answered error " + std::string(erro.get("errorCode")) + ".";
  const std::string field(base::utf8_prefix(erro.get("errorDetail"), 200));
  switch (code) {
    case ProtocolErrorCode::timed_out: return base::fail(base::ErrorCode::timed_out, detail, field);
    case ProtocolErrorCode::transient_failure:
    case ProtocolErrorCode::permanent_failure:
    case ProtocolErrorCode::connection_failed: return base::fail(base::ErrorCode::connector_unavailable, detail, field);
    default: return base::fail(base::ErrorCode::protocol_violation, detail, field);
  }
}

base::Error in_our_words(base::Error error) {
  const bool keep = error.code == base::ErrorCode::timed_out || error.code == base::ErrorCode::protocol_violation;
  if (!keep && !is_our_fault(error)) error.code = base::ErrorCode::connector_unavailable;
  return error;
}

}  // namespace

bool is_our_fault(const base::Error& error) {
  return error.family() == base::Family::malformed || error.code == base::ErrorCode::address_not_allowed;
}

struct ThreeDsServer::List {
  CardRanges ranges;
  std::string serial;
  std::string ds_first_version;
  std::string ds_last_version;
  base::Monotonic loaded_at;
};

// A PReq or AReq, and what its answer has to agree with.
struct ThreeDsServer::Question {
  std::string body;
  MessageType answer;
  std::string id;
  Version version;
  std::string_view category = "01";
};

// A message that came back, not an Erro.
struct ThreeDsServer::Exchanged {
  EmvMessage message;
};

bool same_id(std::string_view one, std::string_view other) {
  return base::ascii_lower(one) == base::ascii_lower(other);
}

std::string new_transaction_id(base::Random& random) {
  std::string hex = random.hex(kUuidBytes);
  hex[12] = '4';                      // Version 4.
  hex[16] = "89ab"[random.below(4)];  // Variant of RFC 9562.
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return hex;
}

ThreeDsServer::ThreeDsServer(ThreeDsServerOptions options, http::Client& client, const base::Clock& clock,
                             base::Random& random)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      random_(random),
      own_faults_(clock, options_.unfit_for) {}

ThreeDsServer::~ThreeDsServer() = default;

// An answer belongs to its question: the same transaction, the same version throughout. Where the directory is asked in
// a safe way, the buyer is not sent to an issuer's page in an unsafe one.
std::expected<EmvMessage, ProtocolError> ThreeDsServer::check_belongs(EmvMessage message,
                                                                      const Question& question) const {
  const auto refuse = [&](ProtocolErrorCode code, std::string field) {
    return std::unexpected(error_about(message, code, std::move(field)));
  };
  if (!same_id(message.get("threeDSServerTransID"), question.id)) {
    return refuse(ProtocolErrorCode::transaction_unknown, "threeDSServerTransID");
  }
  // A list of ranges may come from a directory server that knows 2.1.0 only.
  const bool authentication = question.answer == MessageType::ares;
  if (authentication && message.version != question.version)
    return refuse(ProtocolErrorCode::format_invalid, "messageVersion");
  const bool unsafe = is_secure() && message.get("acsURL").starts_with("http://");
  if (unsafe) return refuse(ProtocolErrorCode::format_invalid, "acsURL");
  return message;
}

bool ThreeDsServer::is_secure() const { return options_.directory_url.starts_with("https://"); }

// Sends a PReq or AReq. The specification wants a broken answer reported to its sender, so that they can mend it.
base::Task<base::Result<ThreeDsServer::Exchanged>> ThreeDsServer::send(Question question) {
  if (options_.directory_url.empty()) {
    co_return base::fail(base::ErrorCode::connector_unavailable, "There is no directory server for such payments.");
  }
  const bool ranges = question.answer == MessageType::pres;
  http::OutgoingRequest request{.method = http::Method::post,
                                .url = options_.directory_url,
                                .headers = {{"content-type", "application/json; charset=utf-8"}},
                                .body = std::move(question.body),
                                .time_limit = options_.time_limit,
                                .body_max = ranges ? kRangesAnswerMax : kAnswerMax};
  auto response = co_await client_.send(std::move(request));
  if (!response) {
    base::Error error = in_our_words(std::move(response).error());
    if (is_our_fault(error)) note_fault(error, ranges ? "PReq" : "AReq");
    co_return std::unexpected(std::move(error));
  }
  if (response->status >= 500) {
    co_return base::fail(base::ErrorCode::connector_unavailable,
                         "The directory server answered HTTP " + std::to_string(response->status) + ".");
  }
  auto message = parse_message(response->body, {question.answer}, {.category = question.category});
  if (message && message->type == MessageType::erro) {
    ++counters_.refused;
    co_return refused(*message);
  }
  if (message && message->type != MessageType::erro) message = check_belongs(*std::move(message), question);
  if (message) co_return Exchanged{.message = *std::move(message)};
  const ProtocolError& error = message.error();
  if (error.message_type != "Erro" && response->status == 200) co_await report(to_erro(error, Component::server));
  co_return base::fail(base::ErrorCode::protocol_violation, std::string(description_of(error.code)), error.detail);
}

base::Task<base::Result<ThreeDsServer::Exchanged>> ThreeDsServer::exchange(Question question) {
  auto exchanged = co_await send(std::move(question));
  if (!exchanged && !options_.directory_url.empty()) ++counters_.failed;
  co_return exchanged;
}

void ThreeDsServer::note_fault(const base::Error& error, std::string_view request) {
  own_faults_.note();
  log_.warning("threeds_own_fault", {{"request", request}, {"field", error.field}, {"detail", error.detail}});
}

base::Task<void> ThreeDsServer::report(std::string erro) {
  http::OutgoingRequest request{.method = http::Method::post,
                                .url = options_.directory_url,
                                .headers = {{"content-type", "application/json; charset=utf-8"}},
                                .body = std::move(erro),
                                .time_limit = std::min(options_.time_limit, kReportLimit),
                                .body_max = kAnswerMax};
  const auto response = co_await client_.send(std::move(request));
  if (!response) log_.failed("threeds_error_report", response.error());
}

base::Task<base::Result<AuthenticationAnswer>> ThreeDsServer::authenticate(AuthenticationRequest request) {
  auto areq = build_areq(request, {.reference_number = options_.reference_number, .operator_id = options_.operator_id});
  if (!areq) {
    if (is_our_fault(areq.error())) note_fault(areq.error(), "AReq");
    co_return std::unexpected(std::move(areq).error());
  }
  ACQUIT_CO_TRY(const Exchanged exchanged, co_await exchange({.body = *std::move(areq),
                                                              .answer = MessageType::ares,
                                                              .id = request.server_transaction_id,
                                                              .version = request.version,
                                                              .category = request.payment ? "01" : "02"}));
  AuthenticationAnswer answer = to_answer(exchanged.message);
  answer.server_transaction_id = request.server_transaction_id;  // As we spell it, whatever they made of it.
  co_return answer;
}

std::shared_ptr<const ThreeDsServer::List> ThreeDsServer::current() {
  const std::lock_guard lock(mutex_);
  return list_;
}

// True if the list is due and nobody else is fetching it.
bool ThreeDsServer::claim_refresh() {
  const std::lock_guard lock(mutex_);
  const base::Monotonic now = clock_.monotonic();
  if (list_ && now - list_->loaded_at < options_.ranges_age_max) return false;
  if (list_ && refreshing_) return false;
  if (last_try_ && now - *last_try_ < options_.ranges_retry_after && !refreshing_) return false;
  refreshing_ = true;
  return true;
}

base::Task<base::Result<void>> ThreeDsServer::load(std::shared_ptr<const List> known) {
  const Version version = Version::v220;
  base::JsonValue preq = new_message(MessageType::preq, version);
  const std::string id = new_transaction_id(random_);
  preq.add_text("threeDSServerTransID", id);
  preq.add_text("threeDSServerRefNumber", options_.reference_number);
  preq.add_text("threeDSServerOperatorID", options_.operator_id);
  if (known) preq.add_text("serialNum", known->serial);
  ACQUIT_CO_TRY(
      const Exchanged exchanged,
      co_await exchange({.body = base::to_json(preq), .answer = MessageType::pres, .id = id, .version = version}));
  RangeList changes = to_range_list(exchanged.message);
  // One issuer's unsafe page is no reason to refuse the whole list: his cards do without the 3DS Method.
  for (CardRange& range : changes.ranges) {
    if (is_secure() && range.method_url.starts_with("http://")) range.method_url.clear();
  }
  // Without a serial number the list is complete and replaces what we had.
  const bool partial = known && !known->serial.empty();
  auto list = std::make_shared<List>(List{.ranges = CardRanges(partial ? known->ranges : CardRanges(), changes.ranges),
                                          .serial = std::move(changes.serial),
                                          .ds_first_version = std::move(changes.ds_first_version),
                                          .ds_last_version = std::move(changes.ds_last_version),
                                          .loaded_at = clock_.monotonic()});
  log_.info("threeds_ranges_loaded", {{"ranges", list->ranges.size()}, {"serial", list->serial}});
  const std::lock_guard lock(mutex_);
  list_ = std::move(list);
  co_return base::Result<void>();
}

base::Task<base::Result<void>> ThreeDsServer::refresh_ranges() {
  const auto known = current();
  auto loaded = co_await load(known);
  // They may have forgotten our serial number; the whole list always works.
  if (!loaded && known && loaded.error().code == base::ErrorCode::protocol_violation) loaded = co_await load(nullptr);
  const std::lock_guard lock(mutex_);
  refreshing_ = false;
  last_try_ = loaded ? std::nullopt : std::optional(clock_.monotonic());
  co_return loaded;
}

base::Task<base::Result<Enrolment>> ThreeDsServer::find_enrolment(base::Pan pan) {
  if (claim_refresh()) {
    const auto refreshed = co_await refresh_ranges();
    if (!refreshed) {
      log_.failed("threeds_ranges_refresh", refreshed.error());
      if (!current()) co_return std::unexpected(refreshed.error());
    }
  }
  const auto list = current();
  if (!list) {
    co_return base::fail(base::ErrorCode::connector_unavailable, "The card ranges could not be fetched lately.");
  }
  const CardRange* range = list->ranges.find(pan.reveal());
  if (range == nullptr) co_return Enrolment{};
  const auto version = common_version(*range, list->ds_first_version, list->ds_last_version);
  if (!version) co_return Enrolment{};
  co_return Enrolment{.enrolled = true, .version = *version, .method_url = range->method_url};
}

}  // namespace acquit::threeds
