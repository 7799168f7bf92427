"""tools/features: that a row is only as good as the test that it names."""

import json

from tool import ToolTest

RESULTS = {
    "Vads.SignsEmptyFields": "passed",
    "Engines/Lane.Commits/SQLite": "passed",
    "Lane.Skips": "skipped",
    "Lane.Breaks": "failed",
    "Engines/Lane.Recovers/SQLite": "passed",
    "Engines/Lane.Recovers/PostgreSQL": "skipped",
    "e2e: buys with a challenged card": "passed",
    "tools: Levels.test_names_a_circle": "passed",
}


class Features(ToolTest):
    def setUp(self):
        super().setUp()
        rows = [{"name": name, "result": result} for name, result in RESULTS.items()]
        self.put("build/test-results.json", json.dumps({"tests": rows}))

    def features(self, *rows, arguments=()):
        table = "# Features\n\n| id | what it does | test |\n|---|---|---|\n" + "".join(f"| {r} |\n" for r in rows)
        self.put("docs/features.md", table)
        return self.run_tool("features", *arguments)

    def assert_finds(self, text, *rows):
        status, output = self.features(*rows)
        self.assertEqual(status, 1, output)
        self.assertIn(text, output)

    def test_passes_rows_whose_tests_passed(self):
        status, output = self.features(
            "f:1 | signs | Vads.SignsEmptyFields",
            "f:2 | commits, on each engine | Lane.Commits",
            "f:3 | challenges | e2e: buys with a challenged card",
            "f:4 | both | `Lane.Commits`, `tools: Levels.test_names_a_circle`",
        )
        self.assertEqual((status, output), (0, "features: 4 features are fine\n"))

    def test_names_a_test_that_did_not_run(self):
        self.assert_finds("docs/features.md:5: test `Vads.Flies` does not exist or did not run", "f:1 | x | Vads.Flies")
        self.assert_finds("test `e2e: flies` does not exist", "f:1 | x | `Lane.Commits` `e2e: flies`")

    def test_names_a_test_that_failed_or_was_skipped(self):
        self.assert_finds("test `Lane.Breaks` failed", "f:1 | x | Lane.Breaks")
        self.assert_finds("test `Lane.Skips` was skipped", "f:1 | x | Lane.Skips")

    def test_names_a_test_that_was_skipped_with_one_engine(self):
        self.assert_finds("docs/features.md:5: test `Lane.Recovers` was skipped in part", "f:1 | x | Lane.Recovers")

    def test_only_notes_it_where_postgresql_is_not_installed(self):
        rows = ("f:1 | x | Lane.Recovers", "f:2 | x | Lane.Commits")
        status, output = self.features(*rows, arguments=("--without-postgresql",))
        self.assertEqual(status, 0, output)
        self.assertIn("note: docs/features.md:5: test `Lane.Recovers` was skipped in part: PostgreSQL is not installed", output)
        status, output = self.features("f:1 | x | Lane.Skips", arguments=("--without-postgresql",))
        self.assertEqual(status, 1, output)

    def test_names_a_row_without_a_test(self):
        self.assert_finds("f:1 names no test", "f:1 | x |  ")

    def test_names_an_id_that_stands_twice(self):
        self.assert_finds("id f:1 stands twice", "f:1 | x | Lane.Commits", "f:1 | y | Lane.Commits")

    def test_holds_prefixed_ids_against_the_checklists(self):
        self.put("../shared/checklists/shop-modules.md", "- [ ] M50 retries · [ ] M51 more\n")
        self.put("../shared/checklists/vision.md", "| ☐ | T6 | a fact |\n")
        self.assertEqual(self.features("module:M51 | x | Lane.Commits", "vision:T6 | x | Lane.Commits")[0], 0)
        self.assert_finds("id module:M99 is not in the checklist", "module:M99 | x | Lane.Commits")

    def test_asks_only_for_the_kinds_that_ran(self):
        rows = ("f:1 | x | `e2e: flies` `Lane.Commits`",)
        self.assertEqual(self.features(*rows, arguments=("--kinds", "gtest"))[0], 0)

    def test_an_empty_table_fails(self):
        self.assert_finds("no row")

    def asvs(self, *rows):
        table = "# ASVS\n\n| id | level | asks | state | evidence |\n|---|---|---|---|---|\n"
        self.put("docs/asvs.md", table + "".join(f"| {row} |\n" for row in rows))
        return self.features("f:1 | x | Lane.Commits")

    def assert_asvs_finds(self, text, *rows):
        status, output = self.asvs(*rows)
        self.assertEqual(status, 1, output)
        self.assertIn(text, output)

    def test_passes_asvs_rows_whose_evidence_is_there(self):
        self.put("docs/operate.md", "x")
        status, output = self.asvs(
            "1.2.4 | 1 | parameters | met | `Lane.Commits` `tools: Levels.test_names_a_circle`",
            "11.1.2 | 2 | inventory | in part | `docs/operate.md`: no plan",
            "6.3.3 | 2 | second factor | not applicable | no back office",
            "12.3.1 | 2 | TLS everywhere | not met | the line is in clear",
        )
        self.assertEqual(status, 0, output)

    def test_names_asvs_evidence_that_is_not_there(self):
        self.assert_asvs_finds("docs/asvs.md:5: test `Vads.Flies` does not exist", "1.2.4 | 1 | x | met | `Vads.Flies`")
        self.assert_asvs_finds("test `Lane.Breaks` failed", "1.2.4 | 1 | x | in part | `Lane.Breaks`")
        self.assert_asvs_finds("1.2.4 names docs/no.md, which is not there", "1.2.4 | 1 | x | met | `docs/no.md`")
        self.assert_asvs_finds("1.2.4 is met without evidence", "1.2.4 | 1 | x | met | surely")

    def test_names_asvs_rows_that_are_wrong(self):
        good = "1.2.4 | 1 | x | met | `Lane.Commits`"
        self.assert_asvs_finds("1.2.4 stands twice", good, good)
        self.assert_asvs_finds("has no level 1 or 2", good.replace("| 1 |", "| 3 |"))
        self.assert_asvs_finds("unknown state done", good.replace("met", "done"))
        self.assert_asvs_finds("has not five cells", "1.2.4 | 1 | x | met")
        self.assert_asvs_finds("v1.2 is no number", good.replace("1.2.4", "v1.2"))
        self.assert_asvs_finds("docs/asvs.md: no row found")
