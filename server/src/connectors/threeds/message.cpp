#include "connectors/threeds/message.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/list.h"
#include "base/utf8.h"

namespace acquit::threeds {
namespace {

// A list of card ranges grows with the scheme; everything else is small.
constexpr std::size_t kMessageMax = 128U << 10U;
constexpr std::size_t kRangesMessageMax = 64U << 20U;
constexpr std::size_t kDetailMax = 2048;
// An Erro about a broken message must itself be valid, so hostile names are cut.
constexpr std::size_t kNameMax = 64;

struct DescriptionRow {
  ProtocolErrorCode code;
  std::string_view text;
};

constexpr DescriptionRow kDescriptions[] = {
    {ProtocolErrorCode::message_invalid, "EmvMessage received invalid."},
    {ProtocolErrorCode::version_not_supported, "EmvMessage version number not supported."},
    {ProtocolErrorCode::limit_exceeded, "Sent messages limit exceeded."},
    {ProtocolErrorCode::element_missing, "A required data element is missing."},
    {ProtocolErrorCode::critical_extension, "A critical message extension is not recognised."},
    {ProtocolErrorCode::format_invalid, "Format of one or more data elements is invalid."},
    {ProtocolErrorCode::duplicate_element, "Duplicate data element."},
    {ProtocolErrorCode::transaction_unknown, "Transaction ID not recognised."},
    {ProtocolErrorCode::decryption_failed, "Data decryption failure."},
    {ProtocolErrorCode::access_denied, "Access denied, invalid endpoint."},
    {ProtocolErrorCode::iso_code_invalid, "ISO code invalid."},
    {ProtocolErrorCode::transaction_data_invalid, "Transaction data not valid."},
    {ProtocolErrorCode::serial_number_invalid, "Serial number not valid."},
    {ProtocolErrorCode::timed_out, "Transaction timed out."},
    {ProtocolErrorCode::transient_failure, "Transient system failure."},
    {ProtocolErrorCode::permanent_failure, "Permanent system failure."},
    {ProtocolErrorCode::connection_failed, "System connection failure."},
};

// Field names by what is wrong with them, collected over the whole message.
struct Findings {
  std::string missing;
  std::string malformed;
  std::string wrong_code;

  static void note(std::string& list, std::string_view path) {
    if (list.size() + path.size() + 1 > kDetailMax) return;
    base::append_part(list, path, ",");
  }
};

void check_object(const base::JsonValue& object, std::span<const FieldRule> rules, const Facts& facts,
                  std::string_view prefix, Findings& findings);

void check_array(const base::JsonValue& array, const FieldRule& rule, const Facts& facts, const std::string& path,
                 Findings& findings) {
  const bool too_many = rule.format.max != 0 && array.members.size() > rule.format.max;
  if (array.members.empty() || too_many) Findings::note(findings.malformed, path);
  const bool of_texts = rule.members.size() == 1 && rule.members[0].name.empty();
  for (const base::JsonMember& member : array.members) {
    if (!of_texts && member.value.kind == base::JsonKind::object) {
      check_object(member.value, rule.members, facts, path + ".", findings);
      continue;
    }
    const bool fits = of_texts && member.value.kind == base::JsonKind::string &&
                      check_format(rule.members[0].format, member.value.text) == Defect::none;
    if (!fits) Findings::note(findings.malformed, path);
  }
}

void check_value(const base::JsonValue& value, const FieldRule& rule, const Facts& facts, const std::string& path,
                 Findings& findings) {
  if (value.kind != rule.kind) {
    Findings::note(findings.malformed, path);
    return;
  }
  switch (rule.kind) {
    case base::JsonKind::object:
      if (!rule.members.empty()) check_object(value, rule.members, facts, path + ".", findings);
      if (rule.format.max != 0 && base::to_json(value).size() > rule.format.max)
        Findings::note(findings.malformed, path);
      return;
    case base::JsonKind::array: check_array(value, rule, facts, path, findings); return;
    case base::JsonKind::string: {
      const Defect defect = check_format(rule.format, value.text);
      if (defect == Defect::format) Findings::note(findings.malformed, path);
      if (defect == Defect::iso_code) Findings::note(findings.wrong_code, path);
      return;
    }
    case base::JsonKind::null:
    case base::JsonKind::boolean:
    case base::JsonKind::number: return;
  }
}

void check_object(const base::JsonValue& object, std::span<const FieldRule> rules, const Facts& facts,
                  std::string_view prefix, Findings& findings) {
  Facts here = facts;
  here.object = &object;
  for (const FieldRule& rule : rules) {
    if (facts.version < rule.since || facts.version > rule.until) continue;
    const std::string path = std::string(prefix) + std::string(rule.name);
    if (const base::JsonValue* value = object.find(rule.name)) {
      if (rule.forbidden != nullptr && rule.forbidden(here)) Findings::note(findings.malformed, path);
      check_value(*value, rule, here, path, findings);
    } else if (rule.required != nullptr && rule.required(here)) {
      Findings::note(findings.missing, path);
    }
  }
}

// A name that the sender chose, as an Erro may say it: that takes no control character.
std::string shown(std::string_view name) {
  return base::blank_controls(std::string(base::utf8_prefix(name, kNameMax)));
}

std::string join(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) Findings::note(list, shown(name));
  return list;
}

// Ids of extensions that must be understood; we know none.
std::string critical_extensions(const base::JsonValue& body) {
  std::string list;
  const base::JsonValue* extensions = body.find("messageExtension");
  if (extensions == nullptr || extensions->kind != base::JsonKind::array) return list;
  for (const base::JsonMember& member : extensions->members) {
    const base::JsonValue* critical = member.value.find("criticalityIndicator");
    if (critical == nullptr || critical->kind != base::JsonKind::boolean || !critical->flag) continue;
    const std::string id = shown(member.value.get("id"));
    Findings::note(list, id.empty() ? "messageExtension" : id);
  }
  return list;
}

std::string valid_id(const base::JsonValue& body, std::string_view field) {
  const std::string_view id = body.get(field);
  return check_format({.kind = FormatKind::uuid}, id) == Defect::none ? std::string(id) : std::string();
}

// Everything about `document` that goes into an Erro, whatever turns out to be wrong.
ProtocolError blank_error(const base::JsonValue& body) {
  ProtocolError error;
  const std::string_view type = body.get("messageType");
  if (parse_message_type(type)) error.message_type = type;
  error.version = parse_version(body.get("messageVersion")).value_or(Version::v220);
  error.server_transaction_id = valid_id(body, "threeDSServerTransID");
  error.acs_transaction_id = valid_id(body, "acsTransID");
  error.ds_transaction_id = valid_id(body, "dsTransID");
  return error;
}

std::unexpected<ProtocolError> fail_with(ProtocolError error, ProtocolErrorCode code, std::string detail) {
  error.code = code;
  error.detail = std::move(detail);
  return std::unexpected(std::move(error));
}

std::expected<EmvMessage, ProtocolError> check_fields(EmvMessage message, const ProtocolError& blank,
                                                      const Exchange& exchange) {
  Facts facts{.version = message.version, .category = exchange.category, .channel = exchange.channel};
  // A request says itself what it is about; only answers need to be told.
  if (const std::string_view category = message.get("messageCategory"); !category.empty()) facts.category = category;
  if (const std::string_view channel = message.get("deviceChannel"); !channel.empty()) facts.channel = channel;
  Findings findings;
  check_object(message.body, rules_of(message.type), facts, "", findings);
  if (!findings.missing.empty()) return fail_with(blank, ProtocolErrorCode::element_missing, findings.missing);
  if (!findings.malformed.empty()) return fail_with(blank, ProtocolErrorCode::format_invalid, findings.malformed);
  if (!findings.wrong_code.empty()) return fail_with(blank, ProtocolErrorCode::iso_code_invalid, findings.wrong_code);
  return message;
}

}  // namespace

ProtocolError error_about(const EmvMessage& message, ProtocolErrorCode code, std::string field) {
  ProtocolError error = blank_error(message.body);
  error.code = code;
  error.detail = std::move(field);
  return error;
}

std::string_view description_of(ProtocolErrorCode code) {
  const auto* found = std::ranges::find(kDescriptions, code, &DescriptionRow::code);
  return found == std::end(kDescriptions) ? "Unknown error." : found->text;
}

std::string to_erro(const ProtocolError& error, Component sender) {
  base::JsonValue erro = new_message(MessageType::erro, error.version);
  erro.add_text("threeDSServerTransID", error.server_transaction_id);
  erro.add_text("acsTransID", error.acs_transaction_id);
  erro.add_text("dsTransID", error.ds_transaction_id);
  erro.add_text("errorCode", std::to_string(static_cast<int>(error.code)));
  erro.add_text("errorComponent", std::string(1, static_cast<char>(sender)));
  erro.add_text("errorDescription", description_of(error.code));
  erro.add("errorDetail", base::JsonValue::of(error.detail));
  erro.add_text("errorMessageType", error.message_type);
  return base::to_json(erro);
}

std::expected<EmvMessage, ProtocolError> parse_message(std::string_view text,
                                                       std::initializer_list<MessageType> expected,
                                                       const Exchange& exchange) {
  const bool ranges = std::ranges::find(expected, MessageType::pres) != expected.end();
  auto document = base::parse_json(text, ranges ? kRangesMessageMax : kMessageMax);
  if (!document || document->root.kind != base::JsonKind::object) {
    return fail_with({}, ProtocolErrorCode::message_invalid, "The message is not a JSON object.");
  }
  const ProtocolError blank = blank_error(document->root);
  const auto type = parse_message_type(document->root.get("messageType"));
  const bool wanted = type && (*type == MessageType::erro || std::ranges::find(expected, *type) != expected.end());
  if (!wanted) return fail_with(blank, ProtocolErrorCode::message_invalid, "messageType");
  if (document->root.find("messageVersion") == nullptr) {
    return fail_with(blank, ProtocolErrorCode::element_missing, "messageVersion");
  }
  const auto version = parse_version(document->root.get("messageVersion"));
  if (!version) return fail_with(blank, ProtocolErrorCode::version_not_supported, "2.1.0,2.2.0");
  if (!document->duplicates.empty()) {
    return fail_with(blank, ProtocolErrorCode::duplicate_element, join(document->duplicates));
  }
  if (std::string critical = critical_extensions(document->root); !critical.empty()) {
    return fail_with(blank, ProtocolErrorCode::critical_extension, std::move(critical));
  }
  return check_fields(EmvMessage{.type = *type, .version = *version, .body = std::move(document->root)}, blank,
                      exchange);
}

base::JsonValue new_message(MessageType type, Version version) {
  base::JsonValue message = base::JsonValue::object();
  message.add_text("messageType", to_string(type));
  message.add_text("messageVersion", to_string(version));
  return message;
}

std::string decode_form_value(std::string_view value) { return base::from_base64url(value).value_or(std::string()); }

}  // namespace acquit::threeds
