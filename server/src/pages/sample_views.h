// One view of each kind, in the states that differ, for the tests of this folder: golden files, languages, screenshots.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pages/pages.h"

namespace acquit::pages {

struct Sample {
  std::string name;
  std::function<base::Result<templates::Rendered>(const Pages&, i18n::Language)> render;
};

/// All samples; texts from outside hold `inserted`, to see what becomes of it.
std::vector<Sample> sample_views(const std::string& inserted = "");

}  // namespace acquit::pages
