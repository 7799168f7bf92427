#include "protocols/vads/notification.h"

#include <algorithm>
#include <array>

#include "base/form_fields.h"
#include "protocols/vads/answer.h"
#include "protocols/vads/statuses.h"

namespace acquit::vads {
namespace {

constexpr std::array kTaken{200, 201, 202, 203, 204, 205, 206, 301, 302, 303, 307, 308};

}  // namespace

notifications::Verdict judge_answer(const http::IncomingResponse& answer) {
  const bool taken = std::ranges::find(kTaken, answer.status) != kTaken.end();
  return taken ? notifications::Verdict::taken : notifications::Verdict::again;
}

notifications::Call notification(const notifications::Occasion& occasion) {
  return {.request = {.method = http::Method::post,
                      .url = occasion.url,
                      .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}},
                      .body = base::to_form(
                          answer_fields(occasion.subject, url_check_source(occasion.rule, occasion.telling)))},
          .judge = judge_answer,
          .accepted = "200–206, 301, 302, 303, 307, 308"};
}

}  // namespace acquit::vads
