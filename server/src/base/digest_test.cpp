#include "base/digest.h"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"
#include "base/hex.h"

namespace acquit::base {
namespace {

constexpr std::string_view kKey = "1122334455667788";

// The form signature's worked examples (lyra.md §1.2): the values joined, with the key as the last of them.
struct Vector {
  const char* name;
  std::string text;
  const char* sha1_hex;
  const char* hmac_base64;  // Empty where the source gives none.
};

TEST(Digest, SignsAsTheFormSignatureVectors) {
  const Vector vectors[] = {
      {"worked example", "INTERACTIVE+5124+TEST+978+PAYMENT+SINGLE+12345678+20170129130025+123456+V2+1122334455667788",
       "59c96b34c74b9375c332b0b6a32e6deeec87de2b", "ycA5Do5tNvsnKdc/eP1bj2xa19z9q3iWPy9/rpesfS0="},
      {"with a language",
       "INTERACTIVE+5124+TEST+978+fr+PAYMENT+SINGLE+12345678+20170129130025+123456+V2+1122334455667788",
       "2d937eea10f263a51f5879f42057ea8a76338391", ""},
      {"old manual", "INTERACTIVE+1524+TEST+978+PAYMENT+SINGLE+12345678+20090501193530+654321+V2+1122334455667788",
       "606b369759fac4f0864144c803c73676cbe470ff", ""},
      {"accents, an empty field, upper case in a name",
       "INTERACTIVE+5124+TEST+978+Élodie O'Brien + Co++PAYMENT+SINGLE+12345678+Q2F2+2+20170129130025+123456+V2+"
       "1122334455667788",
       "32552301caf933bff33987a40ac72a72cd3d2369", "5XxeZl9a/Zqntw87SW2HWgZCpmz4IpMuysoPKIWBa0w="},
  };
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.name);
    EXPECT_EQ(to_hex(sha1(vector.text)), vector.sha1_hex);
    if (*vector.hmac_base64 != '\0') EXPECT_EQ(to_base64(hmac_sha256(kKey, vector.text)), vector.hmac_base64);
  }
}

TEST(Digest, MatchesPublishedVectors) {
  // FIPS 180-2 appendix A and B, RFC 4231 test case 2.
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, ConstantTimeEqualComparesAllOfBoth) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("abc", "ab"));
  EXPECT_FALSE(constant_time_equal("", "a"));
}

}  // namespace
}  // namespace acquit::base
