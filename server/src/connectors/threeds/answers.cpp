#include "connectors/threeds/answers.h"

#include "base/number.h"

namespace acquit::threeds {
namespace {

std::string text_of(const EmvMessage& message, std::string_view field) { return std::string(message.get(field)); }

// A message of the category "non-payment" may leave the status out.
TransStatus status_of(const EmvMessage& message) {
  const std::string_view status = message.get("transStatus");
  return status.empty() ? TransStatus::unavailable : static_cast<TransStatus>(status[0]);
}

CardRange to_range(const base::JsonValue& value) {
  const auto text = [&](std::string_view name) { return std::string(value.get(name)); };
  const std::string_view action = value.get("actionInd");
  return CardRange{.start = text("startRange"),
                   .end = text("endRange"),
                   .action = action.empty() ? RangeAction::add : static_cast<RangeAction>(action[0]),
                   .acs_first_version = text("acsStartProtocolVersion"),
                   .acs_last_version = text("acsEndProtocolVersion"),
                   .ds_first_version = text("dsStartProtocolVersion"),
                   .ds_last_version = text("dsEndProtocolVersion"),
                   .method_url = text("threeDSMethodURL")};
}

ChallengeResult to_result(const EmvMessage& rreq) {
  return ChallengeResult{.version = rreq.version,
                         .server_transaction_id = text_of(rreq, "threeDSServerTransID"),
                         .acs_transaction_id = text_of(rreq, "acsTransID"),
                         .ds_transaction_id = text_of(rreq, "dsTransID"),
                         .category = text_of(rreq, "messageCategory"),
                         .status = status_of(rreq),
                         .reason = text_of(rreq, "transStatusReason"),
                         .eci = text_of(rreq, "eci"),
                         .cavv = text_of(rreq, "authenticationValue"),
                         .authentication_type = text_of(rreq, "authenticationType"),
                         .cancel = text_of(rreq, "challengeCancel"),
                         .interactions = base::parse_int<int>(rreq.get("interactionCounter")).value_or(0)};
}

std::string to_rres(const ChallengeResult& result) {
  base::JsonValue rres = new_message(MessageType::rres, result.version);
  rres.add_text("threeDSServerTransID", result.server_transaction_id);
  rres.add_text("acsTransID", result.acs_transaction_id);
  rres.add_text("dsTransID", result.ds_transaction_id);
  rres.add_text("resultsStatus", "01");
  return base::to_json(rres);
}

}  // namespace

AuthenticationAnswer to_answer(const EmvMessage& ares) {
  return AuthenticationAnswer{.version = ares.version,
                              .server_transaction_id = text_of(ares, "threeDSServerTransID"),
                              .acs_transaction_id = text_of(ares, "acsTransID"),
                              .ds_transaction_id = text_of(ares, "dsTransID"),
                              .acs_reference_number = text_of(ares, "acsReferenceNumber"),
                              .ds_reference_number = text_of(ares, "dsReferenceNumber"),
                              .status = status_of(ares),
                              .reason = text_of(ares, "transStatusReason"),
                              .eci = text_of(ares, "eci"),
                              .cavv = text_of(ares, "authenticationValue"),
                              .acs_url = text_of(ares, "acsURL"),
                              .authentication_type = text_of(ares, "authenticationType"),
                              .challenge_mandated = ares.get("acsChallengeMandated") == "Y",
                              .cardholder_info = text_of(ares, "cardholderInfo")};
}

RangeList to_range_list(const EmvMessage& pres) {
  RangeList list{.serial = text_of(pres, "serialNum"),
                 .ds_first_version = text_of(pres, "dsStartProtocolVersion"),
                 .ds_last_version = text_of(pres, "dsEndProtocolVersion"),
                 .ranges = {}};
  const base::JsonValue* ranges = pres.body.find("cardRangeData");
  if (ranges == nullptr) return list;
  list.ranges.reserve(ranges->members.size());
  for (const base::JsonMember& member : ranges->members) list.ranges.push_back(to_range(member.value));
  return list;
}

Results read_results(std::string_view body) {
  const auto message = parse_message(body, {MessageType::rreq});
  if (!message) {
    const bool erro = message.error().message_type == "Erro";
    return Results{.result = {}, .answer = erro ? std::string() : to_erro(message.error(), Component::server)};
  }
  if (message->type != MessageType::rreq) return Results{};
  ChallengeResult result = to_result(*message);
  std::string answer = to_rres(result);
  return Results{.result = std::move(result), .answer = std::move(answer)};
}

std::string refusal_of(const ChallengeResult& result, ProtocolErrorCode code, std::string field) {
  const ProtocolError error{.code = code,
                            .detail = std::move(field),
                            .message_type = "RReq",
                            .version = result.version,
                            .server_transaction_id = result.server_transaction_id,
                            .acs_transaction_id = result.acs_transaction_id,
                            .ds_transaction_id = result.ds_transaction_id};
  return to_erro(error, Component::server);
}

}  // namespace acquit::threeds
