"""The runner: its lists name what is there, and its closing line is the one that others read."""

import contextlib
import io
import re
import subprocess
import sys
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from unittest import mock

import budgets
import common
from results import Case
from tool import TOOLS

# A program without .py, which import alone would not find.
runner = module_from_spec(spec_from_loader("runner", SourceFileLoader("runner", str(TOOLS / "runner"))))
runner.__loader__.exec_module(runner)


class Runner(unittest.TestCase):
    def close(self, *cases):
        """(status, lines) at the end of a run with these cases."""
        run = runner.Run()
        run.cases = list(cases)
        with mock.patch.object(runner.results, "write"), contextlib.redirect_stdout(io.StringIO()) as out:
            status = run.close()
        return status, out.getvalue().splitlines()

    def test_the_last_line_is_plain_and_skips_come_before_it(self):
        status, lines = self.close(Case("a", "passed", "x"), Case("b", "skipped", "x", detail="no disk"))
        self.assertEqual((status, lines), (0, ["1 skipped", "  no disk: b", "1 passed, 0 failed"]))
        status, lines = self.close(Case("a", "failed", "x"))
        self.assertEqual((status, lines), (1, ["0 passed, 1 failed"]))

    def test_a_run_without_a_case_is_no_success(self):
        self.assertEqual(self.close(), (1, ["0 passed, 0 failed"]))

    def test_a_name_that_no_program_has_fails(self):
        names, failed = runner.chosen(["base", "sandbox_world"], ["base", "sandbox"])
        self.assertEqual(names, ["base"])
        self.assertEqual([(case.name, case.result) for case in failed], [("test_sandbox", "failed")])
        self.assertEqual(runner.chosen(["base"], None), (["base"], []))

    def test_lists_may_have_comments(self):
        self.assertEqual(runner.names_in("# Not base\n\nnet\n db \n"), ["net", "db"])

    def test_each_name_of_tsan_txt_is_a_folder_with_tests(self):
        for name in runner.names_in(common.read(common.ROOT, "tools/tsan.txt")):
            lists = [path for path in common.ROOT.glob("server/**/CMakeLists.txt") if self.names(path, name)]
            self.assertEqual(len(lists), 1, name)
            self.assertTrue(any(lists[0].parent.rglob("*_test.cpp")), name)

    def stage(self, spent, budget, **environment):
        """The results of a stage that uses so many seconds of processors."""
        run = runner.Run(budget)
        with mock.patch.object(runner.budgets, "processor_seconds", side_effect=[7, 7 + spent]):
            with mock.patch.dict(runner.os.environ, environment), contextlib.redirect_stdout(io.StringIO()):
                run.stage("fuzz", lambda: [Case("a", "passed", "x")])
        return [(case.name, case.result) for case in run.cases]

    def test_a_stage_that_costs_half_as_much_again_as_is_written_fails(self):
        self.assertEqual(self.stage(151, {"fuzz": 100})[1:], [("tools: budget of fuzz", "failed")])
        self.assertEqual(self.stage(149, {"fuzz": 100})[1:], [("tools: budget of fuzz", "passed")])
        self.assertEqual(self.stage(151, {"fuzz": 100}, BUDGET_TIMES="2")[1:], [("tools: budget of fuzz", "passed")])
        self.assertEqual(self.stage(151, {"checks": 100})[1:], [])

    def test_seconds_of_processors_count_those_of_programs_that_were_run(self):
        before = budgets.processor_seconds()
        subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass"], check=True)
        self.assertGreaterEqual(budgets.processor_seconds() - before, 0.3)

    def test_fuzzing_for_longer_than_usual_has_no_budget(self):
        self.assertIn("fuzz", runner.budget())
        with mock.patch.object(runner, "FUZZ_SECONDS", "600"):
            self.assertNotIn("fuzz", runner.budget())

    def test_contributing_tells_what_each_stage_costs(self):
        stages = []
        run = mock.Mock(stage=lambda name, work: stages.append(name))
        runner.full(run)
        text = common.read(common.ROOT, "CONTRIBUTING.md")
        rows = re.findall(r"^\| ([^|]+?) \| (?:\d+|–) \|", text, re.MULTILINE)
        self.assertEqual(rows, stages)
        self.assertGreater(len(budgets.written(text)), len(stages) / 2)

    @staticmethod
    def names(path, folder):
        return re.search(rf"^acquit_folder\({folder}[ )]", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
