// Files compiled into the program: SQL, templates, catalogues, page assets. Made by acquit_embed in cmake/acquit.cmake.
#pragma once

#include <span>
#include <string_view>

namespace acquit::base {

struct EmbeddedFile {
  std::string_view path;     ///< Below the folder that was embedded, with forward slashes.
  std::string_view content;  ///< The bytes as they are.
};

}  // namespace acquit::base

/// Declares acquit::embedded::name(), the files of acquit_embed(… name …); at file scope, outside any namespace.
#define ACQUIT_EMBEDDED(name)                           \
  namespace acquit::embedded {                          \
  std::span<const ::acquit::base::EmbeddedFile> name(); \
  }
