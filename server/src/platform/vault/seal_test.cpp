#include "platform/vault/seal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace acquit::platform {
namespace {

const std::string kKey(32, 'k');

RC_GTEST_PROP(Seal, OpensWhatItSealed, (const std::string& context, const std::string& text, std::uint64_t seed)) {
  base::SeededRandom random(seed);
  const std::string sealed = seal(kKey, context, text, random);
  RC_ASSERT(sealed.size() == text.size() + 28);
  const auto opened = open_sealed(kKey, context, sealed);
  RC_ASSERT(opened.has_value());
  RC_ASSERT(*opened == text);
}

RC_GTEST_PROP(Seal, OpensNothingElse, (const std::string& context, const std::string& text, std::uint64_t seed)) {
  base::SeededRandom random(seed);
  const std::string sealed = seal(kKey, context, text, random);
  RC_ASSERT(!open_sealed(kKey, context + "x", sealed));
  RC_ASSERT(!open_sealed(std::string(32, 'K'), context, sealed));
  std::string changed = sealed;
  const auto at = static_cast<std::size_t>(random.below(changed.size()));
  changed[at] = static_cast<char>(changed[at] ^ (1 << random.below(8)));
  RC_ASSERT(!open_sealed(kKey, context, changed));
  RC_ASSERT(!open_sealed(kKey, context,
                         std::string_view(sealed).substr(0, static_cast<std::size_t>(random.below(sealed.size())))));
}

}  // namespace
}  // namespace acquit::platform
