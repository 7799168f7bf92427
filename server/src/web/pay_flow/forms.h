// The forms of the buyer's pages, as they are posted: by the buyer, or by his bank's page in his browser.
//
// What people type is judged by the use cases, whose words the card form shows; what browsers say of themselves counts
// as not said where it makes no sense.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"
#include "http/spec.h"

namespace acquit::web {

/// /pay/{token}/card; and /extend, where a browser without scripts sends what was typed so far.
struct CardForm {
  std::string mode;  ///< What the page showed: see Flow::posted.
  base::Pan number;
  std::string expiry;
  base::SecurityCode security_code;
  std::string holder;
  std::string brand;
  std::string test_card;
  // What 3-D Secure wants to know of the browser.
  bool javascript = false;
  bool java = false;
  std::string language;
  std::optional<int> color_depth;
  std::optional<int> screen_width;
  std::optional<int> screen_height;
  std::optional<int> utc_offset_minutes;

  static const http::Spec<CardForm>& spec();
};

/// /pay/{token}/authenticate: the page around the 3DS Method goes on.
struct AfterMethodForm {
  std::string token;
  bool completed = false;

  static const http::Spec<AfterMethodForm>& spec();
};

/// /3ds/method-done: the bank's page within the frame has ended.
struct MethodForm {
  std::string data;

  static const http::Spec<MethodForm>& spec();
};

/// /3ds/challenge-done: the buyer is back from his bank.
struct ChallengeForm {
  std::string session;  ///< What the guard has opened.
  std::string result;   ///< Not believed: the directory server brings the results.

  static const http::Spec<ChallengeForm>& spec();
};

}  // namespace acquit::web
