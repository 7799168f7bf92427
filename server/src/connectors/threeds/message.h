// EmvMessage: an EMV 3-D Secure message that passed every rule of its table, or the precise error to answer.
//
// parse() checks in the order of the specification: readable and of an expected type (101), version (102), no duplicate
// (204), no unknown critical extension (202), nothing missing (201), formats (203), ISO codes (304). Unknown fields are
// ignored. Plain values; pure functions, safe from any thread.
#pragma once

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>

#include "connectors/threeds/rules.h"

namespace acquit::threeds {

/// EMVCo 3-D Secure table A.4: the values are the wire's.
enum class ProtocolErrorCode : std::uint16_t {
  message_invalid = 101,
  version_not_supported = 102,
  limit_exceeded = 103,
  element_missing = 201,
  critical_extension = 202,
  format_invalid = 203,
  duplicate_element = 204,
  transaction_unknown = 301,
  decryption_failed = 302,
  access_denied = 303,
  iso_code_invalid = 304,
  transaction_data_invalid = 305,
  serial_number_invalid = 307,
  timed_out = 402,
  transient_failure = 403,
  permanent_failure = 404,
  connection_failed = 405,
};

/// What an Erro says. `detail` names the fields at fault, separated by commas.
struct ProtocolError {
  ProtocolErrorCode code = ProtocolErrorCode::message_invalid;
  std::string detail = {};
  std::string message_type = {};  ///< Of the message at fault, as it was sent.
  Version version = Version::v220;
  std::string server_transaction_id = {};
  std::string acs_transaction_id = {};
  std::string ds_transaction_id = {};
};

/// One sentence for an error code, as errorDescription.
[[nodiscard]] std::string_view description_of(ProtocolErrorCode code);

enum class Component : char { server = 'S', directory = 'D', acs = 'A' };
/// The Erro message that `sender` answers with.
[[nodiscard]] std::string to_erro(const ProtocolError& error, Component sender);

struct EmvMessage {
  MessageType type;
  Version version;
  base::JsonValue body;  ///< All fields that were sent, the unknown ones too.

  [[nodiscard]] std::string_view get(std::string_view field) const { return body.get(field); }
};

/// What is wrong with a message that passed its own table.
[[nodiscard]] ProtocolError error_about(const EmvMessage& message, ProtocolErrorCode code, std::string field);

/// The category and channel of the AReq that a message answers; see Facts.
struct Exchange {
  std::string_view category = "01";
  std::string_view channel = "02";
};

/// A message of one of the `expected` types. Erro is always accepted, so that nobody answers an error with an error.
[[nodiscard]] std::expected<EmvMessage, ProtocolError> parse_message(std::string_view text,
                                                                     std::initializer_list<MessageType> expected,
                                                                     const Exchange& exchange = {});

/// An object with messageType and messageVersion set.
[[nodiscard]] base::JsonValue new_message(MessageType type, Version version);

/// Base64url of a message, with or without padding, as creq, cres and threeDSMethodData carry it; empty if it is not
/// one.
[[nodiscard]] std::string decode_form_value(std::string_view value);

}  // namespace acquit::threeds
