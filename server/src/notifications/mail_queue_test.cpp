#include "notifications/mail_queue.h"

#include <gtest/gtest.h>

namespace acquit::notifications {
namespace {

using base::Milliseconds;

TEST(MailQueue, WaitsLongerAfterEachRefusalAndGivesUpAfterThreeDays) {
  const base::Time start = base::time_from_ms(1'700'000'000'000);
  struct Row {
    int refusals;
    std::int64_t minutes;
  };
  const Row rows[] = {{1, 1}, {2, 2}, {3, 4}, {4, 8}, {5, 16}, {6, 32}, {7, 60}, {8, 60}, {1000, 60}};
  for (const Row& row : rows) {
    const auto next = next_mail_try(start, row.refusals, start);
    ASSERT_TRUE(next);
    EXPECT_EQ((*next - start).count(), row.minutes * 60'000) << row.refusals;
  }
  constexpr Milliseconds kThreeDays{3 * 24 * 3'600'000};
  EXPECT_TRUE(next_mail_try(start, 80, start + kThreeDays - Milliseconds{3'600'000}));
  EXPECT_FALSE(next_mail_try(start, 80, start + kThreeDays - Milliseconds{3'599'999}));
}

TEST(MailQueue, KeepsAMailAsItWas) {
  const QueuedMail queued{.mail = {.id = "ab12",
                                   .from_name = "L’Été & Co",
                                   .reply_to = "contact@shop.example",
                                   .to = {"jeanne@example.com"},
                                   .subject = "51,24 €\r\nBcc: x",
                                   .text = "a=b&c\n\n",
                                   .html = "<p>é</p>"},
                          .queued_at = base::time_from_ms(1'700'000'000'123),
                          .refusals = 3};
  const auto read = parse_queued_mail(to_payload(queued));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_payload(*read), to_payload(queued));
  EXPECT_EQ(read->mail.subject, queued.mail.subject);
  EXPECT_EQ(read->mail.to, queued.mail.to);
  EXPECT_EQ(read->queued_at, queued.queued_at);
  EXPECT_EQ(read->refusals, 3);
}

TEST(MailQueue, RefusesAPayloadThatIsNone) {
  for (const char* payload : {"", "to=a@b.ch", "queued_at=x&refusals=0", "queued_at=1&refusals=-1", "%zz"}) {
    EXPECT_FALSE(parse_queued_mail(payload)) << payload;
  }
}

}  // namespace
}  // namespace acquit::notifications
