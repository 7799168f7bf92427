"""tools/tidy: each ban catches its word, says what to use, and stays silent where the word is right."""

import common
import sizes
from tool import ToolTest

HEADER = "// What it is.\n#pragma once\n"
# (path, line, part of the finding); the line alone must be enough to fail.
CAUGHT = (
    ("server/src/net/a.cpp", "auto t = std::chrono::system_clock::now();", "base::Clock"),
    ("server/src/base/a.cpp", "auto t = std::chrono::steady_clock::now();", "base::Clock"),
    ("server/src/net/a.cpp", "std::random_device device;", "base::Random"),
    ("server/src/payments/a.cpp", "double amount = 1;", "base::Money"),
    ("server/src/base/money.cpp", "float amount = 1;", "base::Money"),
    ("server/src/payments/a.cpp", 'run("select id from payment");', "sql/*.sql"),
    ("server/src/payments/a.cpp", 'run("UPDATE payment SET state = 1");', "sql/*.sql"),
    ("server/src/net/a.cpp", "} catch (...) {", "named exception"),
    ("server/src/net/a.cpp", "std::this_thread::sleep_for(x);", "executor.sleep"),
    ("server/src/net/a.cpp", "auto* p = new Thing();", "make_unique"),
    ("server/src/net/a.cpp", "std::regex pattern;", "recurses"),
    ("server/src/net/a.cpp", 'std::cout << "hello";', "base/log.h"),
    ("server/src/net/a.cpp", 'printf("hello");', "base/log.h"),
    ("server/src/payments/a.cpp", "#include <boost/asio/ip/tcp.hpp>", "wrap Asio"),
    ("server/src/net/a.h", HEADER + "#include <boost/beast/http.hpp>", "wrap Asio"),
    ("server/src/http/a.h", HEADER + "#include <boost/json.hpp>", "fwd.hpp"),
    ("server/src/payments/a.cpp", "#include <sqlite3.h>", "SQL drivers"),
    ("server/src/platform/a.cpp", "#include <curl/curl.h>", "net/transfer.h"),
    ("server/src/net/a.cpp", "#include <spdlog/spdlog.h>", "base/log.h"),
    ("server/src/net/a.cpp", "#include <CLI/CLI.hpp>", "command line"),
    ("docs/guide.md", "TODO: write", "open an issue"),
    ("server/src/net/a.cpp", "// FIXME later", "open an issue"),
    ("server/src/net/a.cpp", "// XXX later", "open an issue"),
    ("tools/x.py", 'PATH = "/wor' + 'k/main"', "one machine"),
    ("tests/e2e/package-lock.json", '"resolved": "https://registry.' + 'npmjs.org/x"', "resolved"),
    ("server/src/net/a.cpp", "\tint x;", "spaces"),
    ("server/src/net/a.cpp", "int x; ", "end of a line"),
    ("server/src/net/a.h", "#pragma once", "opens with a paragraph"),
    ("server/src/net/a.h", "// What it is.", "#pragma once"),
)
FINE = (
    ("server/src/base/clock_os.cpp", "auto t = std::chrono::system_clock::now();"),
    ("server/src/net/a.cpp", "// Not std::chrono::system_clock::now() here."),
    ("server/src/net/a.cpp", "double load = 1;"),
    ("server/src/payments/a.cpp", 'log("no double booking");'),
    ("server/src/payments/a.cpp", 'log("the select was refused");'),
    ("server/src/db/a_test.cpp", 'run("select 1");'),
    ("server/src/net/a.cpp", "} catch (...) {  // tidy: rethrown to the waiting thread"),
    ("server/src/net/a.cpp", "std::unique_ptr<Thing>(new Thing(1));"),
    ("server/src/net/a.cpp", "new (place) Thing();"),
    ("server/src/net/a.cpp", "std::snprintf(buffer, 3, x);"),
    ("server/src/net/a.cpp", "#include <boost/asio/ip/tcp.hpp>"),
    ("server/src/net/impl/a.cpp", "#include <boost/asio/ip/tcp.hpp>"),
    ("server/src/http/a.cpp", "#include <boost/json/fwd.hpp>"),
    ("docs/guide.md", "497010XXXXXX0055"),
    ("server/src/net/a.cpp", 'refuse("XXX");'),
    ("server/src/app/main.cpp", 'std::cout << "ready";'),
)


class TidyTest(ToolTest):
    def setUp(self):
        super().setUp()
        self.put("server/CMakeLists.txt", "acquit net http db app base payments platform")

    def put(self, path, text):
        super().put(path, text)
        parts = path.split("/")
        if parts[:2] == ["server", "src"]:
            super().put("/".join(parts[:3]) + "/CMakeLists.txt", f"acquit_folder({parts[2]})\n")

    def tidy(self):
        return self.run_tool("tidy")


class Bans(TidyTest):
    def test_each_ban_is_caught_and_names_its_replacement(self):
        for path, line, expected in CAUGHT:
            with self.subTest(path=path, line=line):
                self.setUp()
                self.put(path, line + "\n")
                status, output = self.tidy()
                self.assertEqual(status, 1, output)
                self.assertIn(expected, output)

    def test_what_is_right_passes(self):
        for path, line in FINE:
            with self.subTest(path=path, line=line):
                self.setUp()
                self.put(path, line + "\n")
                status, output = self.tidy()
                self.assertEqual(status, 0, output)

    def test_says_file_and_line(self):
        self.put("server/src/net/a.cpp", "int a;\n\nstd::regex b;\n")
        self.assertIn("server/src/net/a.cpp:3: `std::regex`", self.tidy()[1])


class Sizes(TidyTest):
    def long_function(self, lines):
        return "namespace a {\nvoid much() {\n" + "  x();\n" * (lines - 2) + "}\n}\n"

    def test_limits_a_function_to_70_lines(self):
        self.put("server/src/net/a.cpp", self.long_function(70))
        self.assertEqual(self.tidy()[0], 0)
        self.put("server/src/net/a.cpp", self.long_function(71))
        self.assertIn("function server/src/net/a.cpp:much has 71 lines", self.tidy()[1])

    def test_limits_a_file_to_400_lines(self):
        self.put("server/src/net/a.cpp", "int a;\n" * 400)
        self.assertEqual(self.tidy()[0], 0)
        self.put("server/src/net/a.cpp", "int a;\n" * 401)
        self.assertIn("file server/src/net/a.cpp has 401 lines", self.tidy()[1])

    def test_the_ratchet_lets_old_sizes_pass_but_only_shrink(self):
        self.put("server/src/net/a.cpp", "int a;\n" * 450)
        self.put("tools/tidy_ratchet.txt", "file server/src/net/a.cpp 450\n")
        self.assertEqual(self.tidy()[0], 0)
        self.put("server/src/net/a.cpp", "int a;\n" * 451)
        self.assertEqual(self.tidy()[0], 1)
        self.put("server/src/net/a.cpp", "int a;\n" * 420)
        self.assertIn("tighten or remove", self.tidy()[1])

    def test_functions_are_found_where_they_stand(self):
        code = """
ACQUIT_EMBEDDED(sql)
namespace a::b {
namespace {
constexpr auto kTable = std::to_array<Row>({
    {1, 2},
});
}
class Thing : public Base<int> {
 public:
  explicit Thing(int x) : a_{x}, b_(x) {
    run({x});
  }
  bool ok() const { return "}" == x; }
 private:
  int a_{1};
};
template <class T>
  requires std::integral<T>
auto twice(T x) -> T {
  if (x) {
    return [&] { return x; }();
  }
}
}
"""
        self.assertEqual(sizes.functions(code), [("Thing", 11, 3), ("ok", 14, 1), ("twice", 18, 7)])


class Dead(TidyTest):
    def test_names_a_source_that_no_build_takes(self):
        self.put("server/src/net/a.cpp", "int a;\n")
        self.put("server/src/net/impl/b.cpp", "int a;\n")
        self.assertEqual(self.tidy()[0], 0)
        self.put("server/src/net/deep/c.cpp", "int a;\n")
        self.assertIn("server/src/net/deep/c.cpp: no CMakeLists.txt takes this file", self.tidy()[1])
        ToolTest.put(self, "server/src/net/CMakeLists.txt", "acquit_folder(net PARTS wide deep\n  DEPS base)\n")
        self.assertNotIn("deep/c.cpp", self.tidy()[1])

    def test_names_a_header_that_nothing_includes(self):
        self.put("server/src/net/a.h", HEADER)
        self.assertIn("server/src/net/a.h: nothing includes this header", self.tidy()[1])
        self.put("server/src/net/a.cpp", '#include "net/a.h"\n')
        self.assertEqual(self.tidy()[0], 0)

    def test_names_a_folder_that_the_build_does_not_enter(self):
        self.put("server/src/forgotten/a.cpp", "int a;\n")
        self.assertIn("does not enter this folder", self.tidy()[1])


class Blanking(ToolTest):
    def test_literals_and_comments_go_and_lines_stay(self):
        code = 'a = "x // y"; // z\nb = R"q(\n{ ")q"; /* {\n */ c = 1\'000; d = \'"\';\n'
        self.assertEqual(common.without_literals(code).count("\n"), code.count("\n"))
        self.assertNotIn("{", common.without_literals(code))
        self.assertIn("c = 1'000;", common.without_literals(code))
        self.assertIn('"x // y"', common.without_comments(code))
        self.assertNotIn("z", common.without_comments(code))
