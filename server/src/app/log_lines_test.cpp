// Lines that somebody outside can provoke at will go through a BoundedLog. In the folders that speak with the outside
// every other line is named here with the reason why there can't be too many of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace acquit::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kOutside{"connectors", "http",          "net",       "notifications",
                                                   "pages",      "platform/mail", "protocols", "web"};

struct Allowed {
  std::string_view event;
  std::string_view reason;
};
constexpr std::array kUnbounded{
    Allowed{"accept_failed", "once until it goes well again"},
    Allowed{"certificate_reloaded", "once an operator asks for it"},
    Allowed{"connections_left", "once, at the stop"},
    Allowed{"card_presented", "once a try, of which a payment has few"},
    Allowed{"notification_called", "once a call, of which an event has few, and a shop gets a share"},
    Allowed{"notification_not_made", "once a try of a message, which then waits"},
    Allowed{"notification_unreadable", "of what we wrote ourselves"},
    Allowed{"mail_unreadable", "of what we wrote ourselves"},
    Allowed{"mail_send", "once a try of a mail; what strangers cause is told in digests"},
    Allowed{"mail_given_up", "once a mail"},
    Allowed{"what", "once a try of a message that the database did not take"},
};

std::string content_of(const fs::path& file) {
  const std::ifstream in(file);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// The first word of the arguments that is a name: the event, or the variable that holds it.
std::set<std::string> unbounded_lines(const std::string& source) {
  static const std::regex kLine("base::log::(?:info|warning|error|failed|write)\\((?:level, )?([^;]*)");
  static const std::regex kEvent("\"([a-z_0-9]+)\"|^\\s*([a-z_]+)");
  std::set<std::string> events;
  for (std::sregex_iterator at(source.begin(), source.end(), kLine), end; at != end; ++at) {
    const std::string arguments = (*at)[1];
    std::smatch event;
    if (!std::regex_search(arguments, event, kEvent))
      events.insert("?");
    else
      events.insert(event[1].matched ? event[1].str() : event[2].str());
  }
  return events;
}

TEST(LogLines, AreFoundWhereverTheyStand) {
  const std::set<std::string> found = unbounded_lines(
      "base::log::warning(\n    \"one\", {{\"a\", b}});\nlog_.info(\"bounded\");\nbase::log::failed(what, error);");
  EXPECT_EQ(found, (std::set<std::string>{"one", "what"}));
}

TEST(LogLines, ThatOutsidersCanProvokeAreBounded) {
  std::set<std::string> met;
  for (const std::string_view folder : kOutside) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(ACQUIT_SOURCE_DIR) / "server" / "src" / folder)) {
      const std::string path = entry.path().string();
      const bool source = path.ends_with(".cpp") || path.ends_with(".h");
      if (!source || path.ends_with("_test.cpp") || path.contains("/testing/")) continue;
      for (const std::string& event : unbounded_lines(content_of(entry.path()))) {
        const bool allowed = std::ranges::find(kUnbounded, event, &Allowed::event) != kUnbounded.end();
        EXPECT_TRUE(allowed) << path << " writes " << event << " without bound";
        met.insert(event);
      }
    }
  }
  for (const Allowed& allowed : kUnbounded) EXPECT_TRUE(met.contains(std::string(allowed.event))) << allowed.event;
}

}  // namespace
}  // namespace acquit::app
