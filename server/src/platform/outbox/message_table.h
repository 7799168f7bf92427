// The rows of the outbox.
#pragma once

#include "db/table.h"
#include "platform/outbox/outbox.h"

namespace acquit::platform {

struct StoredMessage {
  OutboxMessage message;
  base::Time due_at;
  base::Time created_at;
};
[[nodiscard]] inline StoredMessage empty_message() {
  return {.message = {.id = OutboxId({}), .topic = {}, .subject = {}, .payload = {}}, .due_at = {}, .created_at = {}};
}

inline constexpr db::Table kMessageTable("outbox", &empty_message,
                                         db::column<&StoredMessage::message, &OutboxMessage::shop>("shop_id").key(),
                                         db::column<&StoredMessage::message, &OutboxMessage::id>("outbox_id").key(),
                                         db::column<&StoredMessage::message, &OutboxMessage::topic>("topic"),
                                         db::column<&StoredMessage::message, &OutboxMessage::subject>("subject_id"),
                                         db::column<&StoredMessage::message, &OutboxMessage::payload>("payload"),
                                         db::column<&StoredMessage::message, &OutboxMessage::attempts>("attempts"),
                                         db::column<&StoredMessage::due_at>("due_at"),
                                         db::column<&StoredMessage::created_at>("created_at"));

}  // namespace acquit::platform
