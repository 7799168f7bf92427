"""The runner: its lists name what is there, and its closing line is the one that others read."""

import contextlib
import io
import re
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from unittest import mock

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

    @staticmethod
    def names(path, folder):
        return re.search(rf"^acquit_folder\({folder}[ )]", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
