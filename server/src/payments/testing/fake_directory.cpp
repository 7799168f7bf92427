#include "payments/testing/fake_directory.h"

#include "base/json.h"
#include "connectors/threeds/message.h"

namespace acquit::payments::testing {
namespace {

using base::JsonValue;
using threeds::MessageType;
using threeds::TransStatus;

constexpr std::size_t kMessageMax = 1U << 20U;
constexpr std::string_view kDsId = "1d042cf8-a44c-4111-a057-723b95e403d2";
constexpr std::string_view kRanges =
    R"([{"startRange":"4970100000000000","endRange":"4970109999999999","actionInd":"A",)"
    R"("acsStartProtocolVersion":"2.1.0","acsEndProtocolVersion":"2.2.0"},)"
    R"({"startRange":"4970110000000000","endRange":"4970119999999999","actionInd":"A",)"
    R"("acsStartProtocolVersion":"2.1.0","acsEndProtocolVersion":"2.2.0","threeDSMethodURL":"https://acs.example/method"},)"
    R"({"startRange":"5970100000000000","endRange":"5970109999999999","actionInd":"A",)"
    R"("acsStartProtocolVersion":"2.1.0","acsEndProtocolVersion":"2.2.0"},)"
    R"({"startRange":"375900000000000","endRange":"375900999999999","actionInd":"A",)"
    R"("acsStartProtocolVersion":"2.1.0","acsEndProtocolVersion":"2.2.0"}])";

JsonValue reply(const JsonValue& request, MessageType type) {
  JsonValue message = threeds::new_message(type, threeds::Version::v220);
  message.add_text("threeDSServerTransID", request.get("threeDSServerTransID"));
  message.add_text("dsTransID", kDsId);
  return message;
}

std::string range_list(const JsonValue& request) {
  JsonValue message = reply(request, MessageType::pres);
  message.add_text("dsStartProtocolVersion", "2.1.0");
  message.add_text("dsEndProtocolVersion", "2.2.0");
  message.add_text("serialNum", "1");
  message.add("cardRangeData", base::parse_json(kRanges, kMessageMax)->root);
  return base::to_json(message);
}

// One issuer transaction for each of ours: the same digits in another order.
std::string acs_id(std::string_view server_id) {
  std::string id(server_id);
  std::swap(id[0], id[35]);
  return id;
}

}  // namespace

void FakeDirectory::on_authenticate(TransStatus status, std::string cardholder_info) {
  const std::lock_guard lock(mutex_);
  orders_.push_back({.status = status, .cardholder_info = std::move(cardholder_info)});
}

void FakeDirectory::go_away(base::ErrorCode how) {
  const std::lock_guard lock(mutex_);
  away_ = how;
}

std::vector<std::string> FakeDirectory::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string FakeDirectory::last_id() const {
  const std::lock_guard lock(mutex_);
  return std::string(base::parse_json(requests_.back(), kMessageMax)->root.get("threeDSServerTransID"));
}

std::string FakeDirectory::answer(const std::string& body) {
  const auto document = base::parse_json(body, kMessageMax);
  const JsonValue& request = document->root;
  if (request.get("messageType") == "PReq") return range_list(request);
  requests_.push_back(body);
  Order order;
  if (!orders_.empty()) {
    order = std::move(orders_.front());
    orders_.pop_front();
  }
  JsonValue message = reply(request, MessageType::ares);
  message.add_text("acsTransID", acs_id(request.get("threeDSServerTransID")));
  message.add_text("acsReferenceNumber", "ACS");
  message.add_text("dsReferenceNumber", "DS");
  message.add_text("transStatus", std::string(1, static_cast<char>(order.status)));
  if (order.status == TransStatus::authenticated || order.status == TransStatus::attempted) {
    message.add_text("authenticationValue", kCavv);
  } else if (order.status == TransStatus::challenge) {
    message.add_text("acsURL", kAcsUrl);
    message.add_text("acsChallengeMandated", "Y");
    message.add_text("authenticationType", "02");
  } else {
    message.add_text("transStatusReason", "01");
  }
  message.add_text("cardholderInfo", order.cardholder_info);
  return base::to_json(message);
}

base::Task<base::Result<http::IncomingResponse>> FakeDirectory::send(http::OutgoingRequest request) {
  const std::lock_guard lock(mutex_);
  if (away_) co_return base::fail(*away_, "nobody is there");
  co_return http::IncomingResponse{.status = 200, .headers = {}, .body = answer(request.body)};
}

}  // namespace acquit::payments::testing
