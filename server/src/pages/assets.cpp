#include "pages/assets.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/base64.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "base/hex.h"

ACQUIT_EMBEDDED(pages)
ACQUIT_EMBEDDED(pages_compressed)

namespace acquit::pages {
namespace {

constexpr std::string_view kFolder = "assets/";

std::string content_type(std::string_view extension) {
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

std::string_view compressed(const base::EmbeddedFile& file, std::string_view ending) {
  const auto found = std::ranges::find(embedded::pages_compressed(), std::string(file.path) + std::string(ending),
                                       &base::EmbeddedFile::path);
  if (found == embedded::pages_compressed().end()) throw std::logic_error("not compressed: " + std::string(file.path));
  return found->content;
}

Asset make_asset(const base::EmbeddedFile& file) {
  const auto digest = base::sha256(file.content);
  const auto name = file.path.substr(kFolder.size());
  const auto dot = name.rfind('.');
  const auto file_name = name.substr(name.find('/') == std::string_view::npos ? 0 : name.find('/') + 1);
  const auto stem = file_name.substr(0, file_name.rfind('.'));
  const auto hash = base::to_hex(digest).substr(0, 12);
  return {.name = std::string(name),
          .path = "/pay/static/" + std::string(stem) + "-" + hash + std::string(name.substr(dot)),
          .content_type = content_type(name.substr(dot)),
          .content = file.content,
          .gzip = compressed(file, ".gz"),
          .brotli = compressed(file, ".br"),
          .integrity = "sha256-" + base::to_base64(digest)};
}

const std::vector<Asset>& assets() {
  static const auto kTable = [] {
    std::vector<Asset> made;
    for (const auto& file : embedded::pages()) {
      if (file.path.starts_with(kFolder)) made.push_back(make_asset(file));
    }
    return made;
  }();
  return kTable;
}

struct BrandRow {
  std::string_view code;
  std::string_view name;
  std::string_view logo;
};

constexpr std::array kBrands = {
    BrandRow{"CB", "CB", "brands/cb.svg"},
    BrandRow{"VISA", "Visa", "brands/visa.svg"},
    BrandRow{"MASTERCARD", "Mastercard", "brands/mastercard.svg"},
    BrandRow{"MAESTRO", "Maestro", "brands/maestro.svg"},
    BrandRow{"VISA_ELECTRON", "Visa Electron", "brands/visa_electron.svg"},
    BrandRow{"AMEX", "American Express", "brands/amex.svg"},
};

// Scheme, host and port only: what goes into the header must not be able to end a directive.
bool is_origin(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos || (!text.starts_with("https:") && !text.starts_with("http:"))) return false;
  const auto host = text.substr(scheme + 3);
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == ':' || c == '[' || c == ']';
  });
}

std::string directive(std::string_view name, std::string_view first, const std::vector<std::string>& origins) {
  std::string text = std::string(name);
  if (!first.empty()) text += " " + std::string(first);
  bool any = !first.empty();
  for (const auto& origin : origins) {
    if (!is_origin(origin)) continue;
    text += " " + origin;
    any = true;
  }
  return text + (any ? "; " : " 'none'; ");
}

}  // namespace

std::span<const Asset> asset_table() { return assets(); }

const Asset& asset(std::string_view name) {
  const auto found = std::ranges::find(assets(), name, &Asset::name);
  if (found == assets().end()) throw std::logic_error("no asset " + std::string(name));
  return *found;
}

std::string_view brand_logo(std::string_view brand) {
  const auto* found = std::ranges::find(kBrands, brand, &BrandRow::code);
  return found == kBrands.end() ? std::string_view() : asset(found->logo).path;
}

std::string_view brand_name(std::string_view brand) {
  const auto* found = std::ranges::find(kBrands, brand, &BrandRow::code);
  return found == kBrands.end() ? brand : found->name;
}

std::string content_security_policy(const PolicyOptions& options) {
  // Browsers hold redirects of a sent form against form-action too, and where a shop or a bank sends its visitors on to
  // is not ours to know: forms that leave may lead to any web address.
  // 'self' beside the hashes: not every browser accepts a hash for a file that is not inline.
  return "default-src 'none'; base-uri 'none'; img-src 'self'; style-src 'self' '" + asset("pay.css").integrity +
         "'; script-src 'self' '" + asset("pay.js").integrity + "'; connect-src 'self'; " +
         (options.forms_leave ? "form-action 'self' https: http:; " : "form-action 'self'; ") +
         directive("frame-src", "'self'", options.frame_sources) +
         (options.any_ancestor ? "" : directive("frame-ancestors", "", options.frame_ancestors)) + "object-src 'none'";
}

}  // namespace acquit::pages
