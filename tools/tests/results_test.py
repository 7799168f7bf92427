"""The collecting of outcomes: a crash, a skipped and a failed case each count as what they are."""

import results
from tool import ToolTest

GTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="0" name="AllTests"><testsuite name="Lane" tests="3">
  <testcase name="Commits" status="run" result="completed" time="0.5" classname="Lane" />
  <testcase name="Skips" status="run" result="skipped" time="0" classname="Lane">
    <skipped message="lane_test.cpp:3&#x0A;PostgreSQL is not installed here&#x0A;"><![CDATA[lane_test.cpp:3]]></skipped>
  </testcase>
  <testcase name="Off" status="notrun" result="suppressed" time="0" classname="Lane" />
</testsuite></testsuites>
"""
FAILING = GTEST.replace(
    'time="0.5" classname="Lane" />', 'time="0.5" classname="Lane"><failure message="expected 1" type=""/></testcase>'
)
JUNIT = '<testsuite><testcase name="{}" status="{}" time="1"><system-out>boom</system-out></testcase></testsuite>'


class Results(ToolTest):
    def collect(self, program_status, gtest=None):
        self.put("junit.xml", JUNIT.format("db", program_status))
        if gtest:
            self.put("reports/test_db.xml", gtest)
        self.cases = list(results.from_ctest(self.root / "junit.xml", self.root / "reports", "dev"))
        return [(case.name, case.result) for case in self.cases]

    def test_counts_each_case_of_a_program(self):
        self.assertEqual(self.collect("run", GTEST), [("Lane.Commits", "passed"), ("Lane.Skips", "skipped")])

    def test_a_program_that_died_is_a_failure(self):
        self.assertEqual(self.collect("fail"), [("program: db", "failed")])
        self.assertEqual(self.collect("fail", GTEST[:200]), [("program: db", "failed")])

    def test_a_program_that_failed_after_its_last_case_is_a_failure(self):
        self.assertIn(("program: db", "failed"), self.collect("fail", GTEST))

    def test_a_failed_case_is_named_once_with_what_it_said(self):
        self.assertEqual(self.collect("fail", FAILING)[0], ("Lane.Commits", "failed"))
        self.assertEqual(self.cases[0].detail, "expected 1")
        self.assertNotIn(("program: db", "failed"), self.collect("fail", FAILING))

    def test_a_skipped_case_says_why(self):
        self.collect("run", GTEST)
        self.assertEqual(results.skips(self.cases), ["1 skipped", "  PostgreSQL is not installed here: Lane.Skips"])

    def test_skips_are_told_by_reason_and_only_if_there_are_any(self):
        def skipped(name, why):
            return results.Case(name, "skipped", "x", detail=why)

        cases = [skipped("b", "no disk"), skipped("a", "no disk"), skipped("a", "no disk"), skipped("c", "")]
        self.assertEqual(results.skips(cases), ["4 skipped", "  no disk: b, a", "  no reason given: c"])
        self.assertEqual(results.skips([results.Case("a", "passed", "x")]), [])

    def test_the_summary_says_passed_and_failed_only(self):
        cases = [results.Case("a", "passed", "x"), results.Case("b", "skipped", "x"), results.Case("c", "failed", "x")]
        self.assertEqual(results.summary(cases), "1 passed, 1 failed")
