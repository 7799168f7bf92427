// StaticFile: a file compiled into the program, with the codings of it that were made at build time.
//
// Each coding has a strong ETag of its own, made of its bytes. Ranges are not served: files are small. Made at start,
// then read from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/coding.h"
#include "http/message.h"

namespace acquit::http {

class StaticFile {
 public:
  struct Texts {  ///< They must last as long as the file; empty: there is none of that coding.
    std::string_view plain{};
    std::string_view gzip{};
    std::string_view brotli{};
  };
  /// A coding that saves nothing is left out.
  StaticFile(const Texts& texts, std::string content_type, std::string cache_control);

  /// 200 in the coding that the client likes most, or 304 if it has just that already (RFC 9110 §13.1.2).
  [[nodiscard]] Response answer(const Request& request) const;

 private:
  struct Variant {
    std::string_view content;
    std::string etag{};  // Empty: there is none.
  };
  void add(Coding coding, std::string_view content);
  [[nodiscard]] const Variant& of(Coding coding) const { return variants_[static_cast<std::size_t>(coding)]; }
  [[nodiscard]] Coding choose(const Request& request) const;

  std::vector<Variant> variants_;  // By coding.
  std::string content_type_;
  std::string cache_control_;
};

}  // namespace acquit::http
