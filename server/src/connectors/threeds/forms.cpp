#include "connectors/threeds/forms.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "connectors/threeds/message.h"

namespace acquit::threeds {
namespace {

constexpr std::size_t kSessionMax = 768;  // 1024 characters once encoded.
constexpr std::size_t kMethodDataMax = 8192;

std::string encode(const base::JsonValue& value) { return base::to_base64url(base::as_bytes(base::to_json(value))); }

std::unexpected<base::Error> unreadable(std::string_view field) {
  return base::fail(base::ErrorCode::protocol_violation, "The issuer's data are not readable.", std::string(field));
}

}  // namespace

base::Result<ChallengeForm> challenge_form(const AuthenticationAnswer& answer, WindowSize window,
                                           std::string_view session) {
  if (answer.status != TransStatus::challenge) {
    return base::fail(base::ErrorCode::wrong_state, "The issuer asked for no challenge.");
  }
  if (session.size() > kSessionMax) {
    return base::fail(base::ErrorCode::field_too_long, "At most 768 bytes.", "threeDSSessionData");
  }
  base::JsonValue creq = new_message(MessageType::creq, answer.version);
  creq.add_text("threeDSServerTransID", answer.server_transaction_id);
  creq.add_text("acsTransID", answer.acs_transaction_id);
  creq.add_text("challengeWindowSize", fmt::format("{:02}", static_cast<int>(window)));
  return ChallengeForm{
      .acs_url = answer.acs_url, .creq = encode(creq), .session_data = base::to_base64url(base::as_bytes(session))};
}

std::string method_data(std::string_view server_transaction_id, std::string_view notification_url) {
  base::JsonValue data = base::JsonValue::object();
  data.add_text("threeDSServerTransID", server_transaction_id);
  data.add_text("threeDSMethodNotificationURL", notification_url);
  return encode(data);
}

base::Result<std::string> decode_method_data(std::string_view field) {
  const auto document = base::parse_json(decode_form_value(field), kMethodDataMax);
  if (!document) return unreadable("threeDSMethodData");
  const std::string_view id = document->root.get("threeDSServerTransID");
  if (check_format({.kind = FormatKind::uuid}, id) != Defect::none) return unreadable("threeDSMethodData");
  return std::string(id);
}

base::Result<ChallengeReturn> decode_cres(std::string_view field) {
  const auto message = parse_message(decode_form_value(field), {MessageType::cres});
  if (!message) return unreadable("cres");
  if (message->type != MessageType::cres) {
    return base::fail(base::ErrorCode::protocol_violation, "The issuer reported an error.", "cres");
  }
  return ChallengeReturn{.server_transaction_id = std::string(message->get("threeDSServerTransID")),
                         .acs_transaction_id = std::string(message->get("acsTransID")),
                         .status = static_cast<TransStatus>(message->get("transStatus")[0])};
}

base::Result<std::string> decode_session(std::string_view field) {
  auto session = base::from_base64url(field);
  if (!session || session->size() > kSessionMax) return unreadable("threeDSSessionData");
  return *std::move(session);
}

}  // namespace acquit::threeds
