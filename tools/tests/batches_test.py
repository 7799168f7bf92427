"""Batches: sources that name nothing twice are compiled together."""

import contextlib
import io
from pathlib import Path

import batches
from tool import ToolTest


class Batches(ToolTest):
    def divide(self, *names, most_lines=100):
        base = self.root / "src"
        divided = batches.divide([base / name for name in names], base, most_lines)
        return [[source.relative_to(base).as_posix() for source in batch] for batch in divided]

    def test_sources_without_a_common_name_come_together(self):
        self.put("src/a/one.cpp", "namespace {\nint one() { return 1; }\n}\n")
        self.put("src/a/two.cpp", "namespace {\nint two() { return 2; }\n}\n")
        self.assertEqual(self.divide("a/one.cpp", "a/two.cpp"), [["a/one.cpp", "a/two.cpp"]])

    def test_what_is_named_twice_parts_them(self):
        for line in ("struct Row {", "constexpr int Row = 1;", "std::string Row(int number) {", "using Row = int;",
                     "#define Row 1", "enum class Row { one };", "Row::Row(int)\nconst Row kEmpty;\nint Row();"):  # fmt: skip
            self.put("src/a/one.cpp", "class Row;\n")
            self.put("src/a/two.cpp", line + "\n")
            self.assertEqual(self.divide("a/one.cpp", "a/two.cpp"), [["a/one.cpp"], ["a/two.cpp"]], line)

    def test_what_is_used_or_named_inside_of_something_parts_nobody(self):
        for line in ("using std::Row;", "  int Row = 1;", "// int Row = 1;", 'TEST(Row, Works) {', "return Row;", "namespace Row {"):
            self.put("src/a/one.cpp", "class Row;\nnamespace acquit {\n")
            self.put("src/a/two.cpp", line + "\n")
            self.assertEqual(len(self.divide("a/one.cpp", "a/two.cpp")), 1, line)

    def test_the_name_of_a_header_of_the_folder_is_the_same_thing_in_all_who_include_it(self):
        self.put("src/a/testing/world.h", "[[nodiscard]] int World();\n")
        self.put("src/a/one.cpp", '#include "a/testing/world.h"\n')
        self.put("src/a/part/two.cpp", '#include "a/testing/world.h"\n')
        self.put("src/a/three.cpp", "class World;\n")
        divided = self.divide("a/three.cpp", "a/part/two.cpp", "a/one.cpp")
        self.assertEqual(divided, [["a/three.cpp"], ["a/part/two.cpp", "a/one.cpp"]])

    def test_a_batch_has_an_end(self):
        for name in ("one", "two", "three"):
            self.put(f"src/a/{name}.cpp", "\n" * 40)
        self.assertEqual(len(self.divide("a/one.cpp", "a/two.cpp", "a/three.cpp")), 2)

    def test_a_file_of_a_batch_is_written_once_and_names_its_sources_as_every_clone_does(self):
        self.put("src/a/one.cpp", "class One;\n")
        self.put("sandbox/two.cpp", "class Two;\n")
        sources = [str(self.root / name) for name in ("src/a/one.cpp", "sandbox/two.cpp")]
        times = []
        for _ in range(2):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                batches.main(str(self.root), "test_a", str(self.root / "src"), *sources)
            written = Path(out.getvalue().strip())
            times.append(written.stat().st_mtime_ns)
        self.assertEqual(written.read_text(encoding="utf-8"), '#include "a/one.cpp"\n#include "../sandbox/two.cpp"\n')
        self.assertEqual(times[0], times[1])
