"""The collecting of outcomes: a crash, a skipped and a failed case each count as what they are."""

import json

import results
from tool import ToolTest

GTEST = {
    "testsuites": [
        {
            "name": "Lane",
            "testsuite": [
                {"name": "Commits", "status": "RUN", "result": "COMPLETED", "time": "0.5s"},
                {"name": "Skips", "status": "RUN", "result": "SKIPPED", "time": "0s"},
                {"name": "Off", "status": "NOTRUN", "result": "SUPPRESSED", "time": "0s"},
            ],
        }
    ]
}
JUNIT = '<testsuite><testcase name="{}" status="{}" time="1"><system-out>boom</system-out></testcase></testsuite>'


class Results(ToolTest):
    def collect(self, program_status, gtest=None):
        self.put("junit.xml", JUNIT.format("db", program_status))
        if gtest:
            self.put("reports/test_db.json", gtest if isinstance(gtest, str) else json.dumps(gtest))
        cases = results.from_ctest(self.root / "junit.xml", self.root / "reports", "dev")
        return [(case.name, case.result) for case in cases]

    def test_counts_each_case_of_a_program(self):
        self.assertEqual(self.collect("run", GTEST), [("Lane.Commits", "passed"), ("Lane.Skips", "skipped")])

    def test_a_program_that_died_is_a_failure(self):
        self.assertEqual(self.collect("fail"), [("program: db", "failed")])
        self.assertEqual(self.collect("fail", '{"testsuites": ['), [("program: db", "failed")])

    def test_a_program_that_failed_after_its_last_case_is_a_failure(self):
        self.assertIn(("program: db", "failed"), self.collect("fail", GTEST))

    def test_a_failed_case_is_named_once(self):
        gtest = json.loads(json.dumps(GTEST))
        gtest["testsuites"][0]["testsuite"][0]["failures"] = [{"failure": "expected 1"}]
        self.assertEqual(self.collect("fail", gtest)[0], ("Lane.Commits", "failed"))
        self.assertNotIn(("program: db", "failed"), self.collect("fail", gtest))

    def test_the_last_line_says_skipped_only_if_any(self):
        passed, skipped = results.Case("a", "passed", "x"), results.Case("b", "skipped", "x")
        self.assertEqual(results.summary([passed]), "1 passed, 0 failed")
        self.assertEqual(results.summary([passed, skipped]), "1 passed, 0 failed, 1 skipped")
