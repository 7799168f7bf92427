#include "platform/mail/body.h"

#include <string_view>

#include "base/ascii.h"
#include "base/html.h"
#include "base/utf8.h"

namespace acquit::mail {
namespace {

std::string one_line(std::string_view text) { return base::blank_controls(base::valid_utf8(text)); }

std::string html(std::string_view text) { return base::html_escape(one_line(text)); }

/// Between a label and its value, as the language writes a colon.
std::string_view colon(std::string_view language) {
  if (language == "fr") return "\u202F: ";
  if (language == "zh" || language == "ja") return "\uFF1A";
  return ": ";
}

struct TextWriter {
  std::string& out;
  std::string_view language;

  void operator()(const Heading& heading) const {
    const std::string text = one_line(heading.text);
    out += text + "\n" + std::string(base::utf8_length(text), '-') + "\n";
  }
  void operator()(const Paragraph& paragraph) const { out += one_line(paragraph.text) + "\n"; }
  void operator()(const Facts& facts) const {
    for (const auto& [label, value] : facts.rows)
      out += one_line(label) + std::string(colon(language)) + one_line(value) + "\n";
  }
  void operator()(const Steps& steps) const {
    int number = 0;
    for (const std::string& step : steps.steps) out += std::to_string(++number) + ". " + one_line(step) + "\n";
  }
};

struct HtmlWriter {
  std::string& out;

  void operator()(const Heading& heading) const {
    out += "<h2 style=\"font-size:16px;margin:24px 0 8px\">" + html(heading.text) + "</h2>\n";
  }
  void operator()(const Paragraph& paragraph) const { out += "<p>" + html(paragraph.text) + "</p>\n"; }
  void operator()(const Facts& facts) const {
    out += "<table style=\"border-collapse:collapse\">\n";
    for (const auto& [label, value] : facts.rows) {
      out +=
          "<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;padding:4px 16px 4px 0;color:#4a4a4a\">" +
          html(label) + "</th><td style=\"padding:4px 0;overflow-wrap:anywhere\">" + html(value) + "</td></tr>\n";
    }
    out += "</table>\n";
  }
  void operator()(const Steps& steps) const {
    out += "<ol>\n";
    for (const std::string& step : steps.steps) out += "<li>" + html(step) + "</li>\n";
    out += "</ol>\n";
  }
};

}  // namespace

std::string to_text(const Body& body) {
  std::string out;
  if (!body.banner.empty()) out += "*** " + one_line(body.banner) + " ***\n\n";
  out += one_line(body.title) + "\n" + std::string(base::utf8_length(body.title), '=') + "\n";
  for (const Block& block : body.blocks) {
    out += "\n";
    std::visit(TextWriter{out, body.language}, block);
  }
  return out;
}

std::string to_html(const Body& body) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"" + html(body.language) +
                    "\">\n<head><meta charset=\"utf-8\"><title>" + html(body.title) +
                    "</title></head>\n<body style=\"font-family:sans-serif;font-size:15px;line-height:1.45;"
                    "color:#1a1a1a;background:#ffffff;max-width:640px;margin:16px auto;padding:0 16px\">\n";
  if (!body.banner.empty()) {
    out += "<p style=\"border:2px solid #8a4b00;background:#fff4e0;color:#5c3200;padding:8px 12px;font-weight:bold\">" +
           html(body.banner) + "</p>\n";
  }
  out += "<h1 style=\"font-size:20px\">" + html(body.title) + "</h1>\n";
  for (const Block& block : body.blocks) std::visit(HtmlWriter{out}, block);
  return out + "</body>\n</html>\n";
}

}  // namespace acquit::mail
