#include "http/impl/request_target.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/list.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace acquit::http {
namespace {

std::unexpected<base::Error> refuse(std::string rule) {
  return base::fail(base::ErrorCode::field_format, std::move(rule), "path");
}

// C0, DEL, and in UTF-8 the C1 controls U+0080 to U+009F.
bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (base::is_control(text[i])) return true;
    if (text[i] == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

bool has_dot_segment(std::string_view path) {
  if (path.find("/.") == std::string_view::npos) return false;
  return std::ranges::any_of(base::split(path, '/'), [](std::string_view part) { return part == "." || part == ".."; });
}

// What follows the authority of an absolute form; the host of that form is not used, since names decide nothing here.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == std::string_view::npos ? "/" : target.substr(end);
  }
  return target;
}

}  // namespace

base::Result<Target> parse_target(std::string_view target) {
  const std::string_view origin = origin_form(target);
  const std::size_t question = origin.find('?');
  const std::string_view raw = origin.substr(0, question);
  if (!raw.starts_with('/')) return refuse("the path must begin with /");
  if (origin.find('#') != std::string_view::npos) return refuse("the address must have no fragment");
  auto path = base::percent_decode(raw);
  if (!path) return refuse("the path has a broken percent escape");
  if (!base::is_valid_utf8(*path)) return refuse("the path is not UTF-8");
  if (has_control_character(*path)) return refuse("the path has a control character");
  if (has_dot_segment(*path)) return refuse("the path has a . or .. segment");
  return Target{.path = *std::move(path),
                .query = std::string(question == std::string_view::npos ? "" : origin.substr(question + 1))};
}

}  // namespace acquit::http
