#include "payments/bank/message_payload.h"

#include "base/form_fields.h"
#include "base/number.h"

namespace acquit::payments {
namespace {

void put_trace(base::FormFields& fields, const std::string& prefix, const connectors::Trace& trace) {
  fields.emplace_back(prefix + "stan", std::to_string(trace.stan));
  fields.emplace_back(prefix + "sent_at", std::to_string(base::to_ms(trace.sent_at)));
}

class Fields {
 public:
  explicit Fields(base::FormFields fields) : fields_(std::move(fields)) {}
  [[nodiscard]] std::string text(std::string_view name) const { return std::string(base::field_of(fields_, name)); }
  [[nodiscard]] std::optional<std::int64_t> number(const std::string& name) const {
    return base::parse_int<std::int64_t>(text(name));
  }
  [[nodiscard]] std::optional<connectors::Trace> trace(const std::string& prefix) const {
    const auto stan = number(prefix + "stan");
    const auto sent_at = number(prefix + "sent_at");
    if (!stan || !sent_at) return std::nullopt;
    return connectors::Trace{.stan = static_cast<int>(*stan), .sent_at = base::time_from_ms(*sent_at)};
  }

 private:
  base::FormFields fields_;
};

}  // namespace

std::string to_text(const MessagePayload& payload) {
  base::FormFields fields{{"why", payload.why}};
  if (payload.trace) {
    put_trace(fields, "", *payload.trace);
    fields.emplace_back("lost", payload.lost ? "1" : "0");
  }
  if (payload.insisted) fields.emplace_back("insisted", "1");
  if (payload.tries > 0) fields.emplace_back("tries", std::to_string(payload.tries));
  if (payload.doubtful) fields.emplace_back("doubtful", "1");
  if (payload.original) {
    put_trace(fields, "original_", payload.original->trace);
    fields.emplace_back("reference", payload.original->reference);
    fields.emplace_back("amount", std::to_string(payload.original->minor));
  }
  return base::to_form(fields);
}

MessagePayload parse_payload(std::string_view text) {
  // As it is first queued, it may be the bare word.
  if (text.find('=') == std::string_view::npos) return {.why = std::string(text)};
  const Fields fields(base::parse_form(text).value_or(base::FormFields{}));
  MessagePayload payload{
      .why = fields.text("why"), .trace = fields.trace(""), .lost = false, .insisted = fields.text("insisted") == "1"};
  payload.tries = static_cast<int>(fields.number("tries").value_or(0));
  payload.doubtful = fields.text("doubtful") == "1";
  payload.lost = payload.trace && fields.text("lost") != "0";
  const auto original = fields.trace("original_");
  const auto minor = fields.number("amount");
  if (original && minor) {
    payload.original =
        MessagePayload::Original{.trace = *original, .reference = fields.text("reference"), .minor = *minor};
  }
  return payload;
}

}  // namespace acquit::payments
