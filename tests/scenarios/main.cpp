// test_scenarios: each file of tests/scenarios is a test of each way in on each engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/player.h"

namespace acquit::scenarios {
namespace {

namespace fs = std::filesystem;

struct Way {
  std::string name;
  std::unique_ptr<World> (*make)(db::Engine engine);
  bool over_http = false;
};

Scenario read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return parse_scenario("tests/scenarios/" + file.filename().string(), text.str());
}

// One that cannot be read is registered, to fail.
bool is_in_process_only(const fs::path& file) {
  try {
    return read(file).in_process_only;
  } catch (const LineError&) {
    return false;
  }
}

class Play final : public ::testing::Test {
 public:
  Play(fs::path file, const Way& way, db::Engine engine) : file_(std::move(file)), way_(way), engine_(engine) {}

  void TestBody() override {
    try {
      const Scenario scenario = read(file_);
      const auto world = way_.make(engine_);
      if (!world) GTEST_SKIP() << "PostgreSQL is not installed here";
      Player(scenario, *world).play();
    } catch (const LineError& error) {
      ADD_FAILURE() << error.what();
    }
  }

 private:
  fs::path file_;
  const Way& way_;
  db::Engine engine_;
};

std::vector<fs::path> files() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(fs::path(ACQUIT_SOURCE_DIR) / "tests/scenarios")) {
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt") out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

void register_one(const fs::path& file, const Way& way, db::Engine engine) {
#ifndef __clang_analyzer__  // It does not see that gtest keeps what it is given.
  const std::string name = file.stem().string() + "/" + way.name + "/" + db::testing::engine_name(engine);
  ::testing::RegisterTest("Scenarios", name.c_str(), nullptr, nullptr, file.c_str(), 1,
                          [=, &way]() -> ::testing::Test* { return new Play(file, way, engine); });  // tidy: gtest owns
#endif
}

void register_all() {
  static const std::vector<Way> kWays{{.name = "in_process", .make = make_in_process},
                                      {.name = "over_http", .make = make_over_http, .over_http = true}};
  for (const fs::path& file : files()) {
    for (const Way& way : kWays) {
      if (way.over_http && is_in_process_only(file)) continue;
      for (const db::Engine engine : {db::Engine::sqlite, db::Engine::postgresql}) register_one(file, way, engine);
    }
  }
}

}  // namespace
}  // namespace acquit::scenarios

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  acquit::scenarios::register_all();
  return RUN_ALL_TESTS();
}
