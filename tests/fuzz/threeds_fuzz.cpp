// EMV 3-D Secure messages: whatever is accepted is printed and accepted again, just the same; whatever is refused gets
// an Erro that is itself valid.
//
// Links: base threeds
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/threeds/answers.h"
#include "connectors/threeds/forms.h"
#include "connectors/threeds/message.h"

namespace {

using namespace acquit::threeds;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_as(MessageType type, std::string_view text) {
  const auto message = parse_message(text, {type});
  if (!message) {
    require(parse_message(to_erro(message.error(), Component::server), {}).has_value());
    return;
  }
  const std::string printed = acquit::base::to_json(message->body);
  const auto again = parse_message(printed, {type});
  require(again.has_value() && acquit::base::to_json(again->body) == printed);
  if (message->type == MessageType::ares) (void)to_answer(*message);
  if (message->type == MessageType::pres) {
    const CardRanges ranges({}, to_range_list(*message).ranges);
    (void)ranges.find("4970100000000055");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const MessageType type :
       {MessageType::preq, MessageType::pres, MessageType::areq, MessageType::ares, MessageType::creq,
        MessageType::cres, MessageType::rreq, MessageType::rres, MessageType::erro}) {
    check_as(type, text);
  }
  (void)read_results(text);
  (void)decode_cres(text);
  (void)decode_method_data(text);
  (void)decode_session(text);
  return 0;
}
