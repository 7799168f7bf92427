#include "sandbox/inbox/mailbox.h"

#include <algorithm>
#include <utility>

namespace acquit::sandbox {

void Mailbox::add(Envelope envelope, base::Time received) {
  ParsedMail content = parse_mail(envelope.message);
  const std::lock_guard lock(mutex_);
  mails_.push_back(
      {.id = ++last_id_, .received = received, .envelope = std::move(envelope), .content = std::move(content)});
  if (mails_.size() > max_) mails_.pop_front();
}

std::vector<Mail> Mailbox::newest_first() const {
  const std::lock_guard lock(mutex_);
  return {mails_.rbegin(), mails_.rend()};
}

std::optional<Mail> Mailbox::find(std::int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(mails_, id, &Mail::id);
  return found == mails_.end() ? std::nullopt : std::optional(*found);
}

void Mailbox::clear() {
  const std::lock_guard lock(mutex_);
  mails_.clear();
}

}  // namespace acquit::sandbox
