// below(): a server whose public address has a path, behind a proxy that hands the path on or takes it off.
//
// Handlers know paths without it. It comes off what is asked, where it is there, and goes before where they redirect
// to. What pages link to is theirs to say (web::Pages). Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace acquit::http {

/// The path of an address, without a "/" at its end: "/pay" of "https://shop.example/pay/"; empty if it has none.
[[nodiscard]] std::string path_of(std::string_view url);

/// The address of a path below `url`, whether or not that ends in "/".
[[nodiscard]] std::string address_below(std::string_view url, std::string_view path);
/// `asked` without `path` before it, where it is there.
[[nodiscard]] std::string_view path_below(std::string_view path, std::string_view asked);

/// `path` as of path_of(); empty: `handler` as it is.
[[nodiscard]] Handler below(std::string path, Handler handler);

}  // namespace acquit::http
