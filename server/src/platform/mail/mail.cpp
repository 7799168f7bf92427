#include "platform/mail/mail.h"

#include <algorithm>
#include <utility>

#include "platform/mail/address.h"
#include "platform/mail/message.h"

namespace acquit::mail {
namespace {

constexpr std::size_t kRandomBytes = 16;

// An id comes from the caller: only what may stand between the angle brackets.
bool is_message_id(std::string_view id) { return is_address(std::string(id) + "@x"); }

base::Result<void> check(const Mail& mail, const std::string& from) {
  const auto format = [](std::string_view field) {
    return base::fail(base::ErrorCode::field_format, "not a mail address", std::string(field));
  };
  if (!is_address(from)) return format("from");
  if (!mail.reply_to.empty() && !is_address(mail.reply_to)) return format("reply_to");
  if (mail.to.empty()) return base::fail(base::ErrorCode::field_missing, "a mail needs a recipient", "to");
  if (!std::ranges::all_of(mail.to, [](const std::string& to) { return is_address(to); })) return format("to");
  return {};
}

}  // namespace

base::Task<base::Result<void>> Mailer::send(Mail mail) const {
  ACQUIT_CO_CHECK(check(mail, options_.from));
  const std::string id = is_message_id(mail.id) ? mail.id : random_.hex(kRandomBytes);
  const MimeMessage message{.id = id + options_.from.substr(options_.from.find('@')),
                            .date = clock_.now(),
                            .from = options_.from,
                            .from_name = mail.from_name.empty() ? options_.from_name : mail.from_name,
                            .reply_to = std::move(mail.reply_to),
                            .to = std::move(mail.to),
                            .subject = std::move(mail.subject),
                            .text = std::move(mail.text),
                            .html = std::move(mail.html),
                            .boundary = "part-" + random_.hex(kRandomBytes)};
  co_return co_await client_.send(
      options_.server,
      {.from = options_.from, .to = message.to, .message = compose(message), .time_limit = options_.time_limit});
}

}  // namespace acquit::mail
