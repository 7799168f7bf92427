// Content codings: which one a client wants (RFC 9110 §12.5.3), and gzip made at the moment. Pure; safe from any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "http/message.h"

namespace acquit::http {

enum class Coding : std::uint8_t { identity, gzip, brotli };
/// As headers spell it: "gzip", "br".
[[nodiscard]] std::string_view to_string(Coding coding);

/// What the client likes most of `offered`, which comes in our own order of liking; identity where it takes none of
/// them, also where it refuses identity: an answer that it may not expect is better than none.
[[nodiscard]] Coding choose_coding(const Request& request, std::initializer_list<Coding> offered);

/// `padding` bytes of no meaning come into the header, so that the length says less about the text (ADR 0021).
/// Throws std::bad_alloc.
[[nodiscard]] std::string gzip(std::string_view text, std::size_t padding);

}  // namespace acquit::http
