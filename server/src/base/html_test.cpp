#include "base/html.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Html, EscapeCoversTextAndAttributes) {
  EXPECT_EQ(html_escape("<a href=\"x\" title='y'>&amp;</a>é"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;é");
}

}  // namespace
}  // namespace acquit::base
