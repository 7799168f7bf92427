#include "base/domain.h"

#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace acquit::base {
namespace {

constexpr std::size_t kDomainMax = 1000;  // UTF-8 of more than any name of 253 characters; bounds the work.

// Using it is const and safe from any thread.
const icu::IDNA* idna() {
  static const std::unique_ptr<icu::IDNA> kInstance = [] {
    UErrorCode status = U_ZERO_ERROR;
    constexpr int kOptions = UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI;
    return std::unique_ptr<icu::IDNA>(icu::IDNA::createUTS46Instance(kOptions, status));
  }();
  return kInstance.get();
}

}  // namespace

std::optional<std::string> ascii_domain(std::string_view domain) {
  if (std::ranges::all_of(domain, [](char c) { return c > ' ' && c <= '~'; })) return std::string(domain);
  if (domain.size() > kDomainMax || idna() == nullptr) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString ascii;
  icu::IDNAInfo info;
  idna()->nameToASCII(icu::UnicodeString::fromUTF8(icu::StringPiece(domain.data(), static_cast<int>(domain.size()))),
                      ascii, info, status);
  if (U_FAILURE(status) != 0 || info.hasErrors()) return std::nullopt;
  std::string out;
  ascii.toUTF8String(out);
  return out;
}

}  // namespace acquit::base
