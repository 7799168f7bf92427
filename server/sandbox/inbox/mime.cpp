#include "sandbox/inbox/mime.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "base/utf8.h"

namespace acquit::sandbox {
namespace {

struct Release {
  void operator()(gpointer object) const { g_object_unref(object); }
  void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
  void operator()(gchar* text) const { g_free(text); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

// GMime is set up once, and never taken down: the process ends with it.
void set_up() {
  static const bool kDone = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(kDone);
}

std::string text_of(const char* text) { return base::valid_utf8(text == nullptr ? "" : text); }

// What a part holds, its transfer encoding taken off.
std::string bytes_of(GMimePart* part) {
  GMimeDataWrapper* const content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Owned<GMimeStream> memory(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

void read_part(GMimeObject*, GMimeObject* object, gpointer out) {
  auto& mail = *static_cast<ParsedMail*>(out);
  if (!GMIME_IS_PART(object)) return;
  auto* const part = GMIME_PART(object);
  const bool attached = g_mime_part_is_attachment(part) != FALSE;
  GMimeContentType* const type = g_mime_object_get_content_type(object);
  if (!attached && GMIME_IS_TEXT_PART(object)) {
    const bool html = g_mime_content_type_is_type(type, "text", "html") != FALSE;
    const Owned<gchar> text(g_mime_text_part_get_text(GMIME_TEXT_PART(object)));
    std::string& place = html ? mail.html : mail.text;
    if (place.empty()) {
      place = text_of(text.get());
      return;
    }
  }
  const Owned<gchar> name(g_mime_content_type_get_mime_type(type));
  mail.attachments.push_back(
      {.name = text_of(g_mime_part_get_filename(part)), .type = text_of(name.get()), .size = bytes_of(part).size()});
}

}  // namespace

std::string_view ParsedMail::header(std::string_view name) const {
  const std::string wanted = base::ascii_lower(name);
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return base::ascii_lower(header.first) == wanted; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

ParsedMail parse_mail(std::string_view raw) {
  set_up();
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(raw.data(), raw.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  ParsedMail mail;
  if (!message) return mail;
  GMimeHeaderList* const headers = g_mime_object_get_header_list(GMIME_OBJECT(message.get()));
  for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
    GMimeHeader* const header = g_mime_header_list_get_header_at(headers, i);
    mail.headers.emplace_back(text_of(g_mime_header_get_name(header)), text_of(g_mime_header_get_value(header)));
  }
  g_mime_message_foreach(message.get(), read_part, &mail);
  return mail;
}

}  // namespace acquit::sandbox
