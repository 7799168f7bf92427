"""The check of the benchmark's answer: a field that is lost, new, or nothing is found."""

import json

from tool import ToolTest  # First: it makes the tools importable.

import bench
import common

DOCS = """# Benchmark
| `before` | no field |
## Fields
| field | is |
|---|---|
| `ratio`, `failed` | x |
| `limited_by` | `processors` or `disk` |
## Next
| `after` | no field |
"""


class Bench(ToolTest):
    def find(self, **fields):
        return bench.problems(json.dumps({"sqlite": fields}), bench.documented(DOCS))

    def test_knows_the_fields_by_the_table(self):
        self.assertEqual(bench.documented(DOCS), {"ratio", "failed", "limited_by"})

    def test_passes_a_whole_answer(self):
        self.assertEqual(self.find(ratio=0.3, failed=0, limited_by="disk"), [])

    def test_names_a_field_that_is_missing_or_not_documented(self):
        self.assertEqual(self.find(ratio=0.3, failed=0), ["sqlite: limited_by is missing"])
        found = self.find(ratio=0.3, failed=0, limited_by="disk", more=1)
        self.assertEqual(found, ["sqlite: more is not documented"])

    def test_names_a_number_that_is_nothing_and_failed_payments(self):
        found = self.find(ratio=0, failed=2, limited_by="disk")
        self.assertEqual(found, ["sqlite: 2 payments failed", "sqlite: ratio is 0"])

    def test_names_an_answer_that_is_none(self):
        self.assertIn("no JSON", bench.problems("", set())[0])
        self.assertEqual(bench.problems("{}", set()), ["no engine was measured"])

    def test_lets_memory_rise_a_little_after_the_first_third_and_no_more(self):
        def find(first, later):
            answer = json.dumps({"sqlite": {"resident_mb_first_third": first, "resident_mb_later": later}})
            return bench.memory_problems(answer, {"resident_mb_first_third", "resident_mb_later"})

        self.assertEqual(find(50.0, 50.0 + bench.RISE_MB), [])
        self.assertEqual(find(50.0, 40.0), [])
        self.assertIn("50.0 MB in the first third, 58.5 MB later", find(50.0, 58.5)[0])
        self.assertNotEqual(find(50.0, 0), [], "nothing was read")

    def test_the_docs_name_what_the_benchmark_is_for(self):
        names = bench.documented(common.read(common.ROOT, "docs/benchmark.md"))
        self.assertEqual(set(bench.POSITIVE) - names, set())
