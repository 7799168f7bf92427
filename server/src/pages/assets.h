// Assets: style sheet, script, icon and card logos of the buyer's pages, compiled in, each under an address that holds
// its hash, so that browsers may keep it for ever. Made once at start; any thread may read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::pages {

struct Asset {
  std::string name;          ///< "pay.css", "brands/visa.svg".
  std::string path;          ///< "/pay/static/pay-0a1b2c3d4e5f.css": what pages link to and the server has to serve.
  std::string content_type;  ///< "text/css; charset=utf-8".
  std::string_view content;
  std::string_view gzip;    ///< The same, compressed at build time.
  std::string_view brotli;  ///< Likewise.
  std::string integrity;    ///< "sha256-<base64>": for subresource integrity and the Content-Security-Policy.
};

/// All assets. Serve each with "Cache-Control: public, max-age=31536000, immutable".
std::span<const Asset> asset_table();

/// The asset of that name; one that does not exist is a bug and ends the program at start.
const Asset& asset(std::string_view name);

/// The address of a brand's logo ("VISA", "CB"…); empty if we have none.
[[nodiscard]] std::string_view brand_logo(std::string_view brand);
/// The brand's name as people write it: "Visa Electron"; the code itself if it is unknown.
[[nodiscard]] std::string_view brand_name(std::string_view brand);

struct PolicyOptions {
  std::vector<std::string> frame_ancestors{};  ///< Origins that may show the page in a frame; none: nobody.
  bool forms_leave = false;                    ///< A form of the page leads to a shop or a bank.
  std::vector<std::string> frame_sources{};    ///< Origins shown in a frame of the page (3DS Method).
  bool any_ancestor = false;                   ///< Anybody may: only for a page with nothing to see or to press.
};

/// The Content-Security-Policy of a page. Options must be origins ("https://shop.example"); others are left out.
[[nodiscard]] std::string content_security_policy(const PolicyOptions& options);

}  // namespace acquit::pages
