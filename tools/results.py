"""Collects the outcome of every test case of a run, whatever ran it, and says it in one line at the end.

What was skipped is said before that line, with its reason: nothing may look tested that was not.
"""

import json
import unittest
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Case:
    """One executed test case; `result` is passed, failed or skipped."""

    name: str
    result: str
    stage: str
    seconds: float = 0.0
    detail: str = ""


def from_gtest(path, stage):
    """The cases of a --gtest_output=xml file, which unlike its JSON says why a case was skipped."""
    for test in ElementTree.parse(path).getroot().iter("testcase"):
        if test.get("status") == "notrun":
            continue
        failures = [failure.get("message", "") for failure in test.iter("failure")]
        skipped = test.find("skipped")
        result = "failed" if failures else "passed" if skipped is None else "skipped"
        # The first line of why it was skipped is where in the source.
        reason = "" if skipped is None else " ".join(skipped.get("message", "").splitlines()[1:])
        name = f"{test.get('classname')}.{test.get('name')}"
        yield Case(name, result, stage, float(test.get("time", 0)), "\n".join(failures) or reason)


def from_ctest(junit, gtest_folder, stage):
    """The cases of all programs that ctest ran; a program that died, or failed after its last case, is one more."""
    for program in ElementTree.parse(junit).getroot().iter("testcase"):
        name = program.get("name")
        report = gtest_folder / f"test_{name}.xml"
        cases = []
        if report.is_file():
            try:
                cases = list(from_gtest(report, stage))
            except (ElementTree.ParseError, ValueError):
                pass  # Cut off in the middle of writing: the program's status says that it failed.
        yield from cases
        if program.get("status") != "run":
            if not any(c.result == "failed" for c in cases):
                output = program.findtext("system-out") or ""
                yield Case(f"program: {name}", "failed", stage, detail=output[-4000:])
        elif not report.is_file():
            yield Case(f"program: {name}", "passed", stage, float(program.get("time", 0)))


def from_node(path, stage):
    """The cases of the JSON lines that tests/e2e/lib/reporter.mjs writes."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Case(f"e2e: {row['name']}", row["result"], stage, row["seconds"], row["detail"])


class _Collector(unittest.TestResult):
    def __init__(self, stage):
        super().__init__()
        self.stage = stage
        self.cases = []

    def _add(self, test, result, detail=""):
        name = ".".join(test.id().split(".")[-2:])
        self.cases.append(Case(f"tools: {name}", result, self.stage, detail=detail))

    def addSuccess(self, test):
        self._add(test, "passed")

    def addFailure(self, test, err):
        self._add(test, "failed", self._exc_info_to_string(err, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self._add(test, "skipped", reason)


def from_unittest(folder, stage, wanted=""):
    """Runs the unittest cases below `folder` whose name contains `wanted`, in this process."""
    collector = _Collector(stage)

    def run(suite):
        for test in suite:
            if isinstance(test, unittest.TestSuite):
                run(test)
            elif wanted.lower() in test.id().lower():
                test.run(collector)

    run(unittest.TestLoader().discover(str(folder), pattern="*_test.py"))
    return collector.cases


def count(cases):
    return Counter(case.result for case in cases)


def summary(cases):
    """`N passed, N failed` and nothing else; skips() tells of the others."""
    counts = count(cases)
    return f"{counts['passed']} passed, {counts['failed']} failed"


def skips(cases):
    """Lines that say how many cases were skipped, and which ones for each reason; none if none was."""
    by_reason = {}
    for case in cases:
        if case.result == "skipped":
            by_reason.setdefault(case.detail.strip() or "no reason given", {}).setdefault(case.name)
    lines = [f"{count(cases)['skipped']} skipped"] if by_reason else []
    return lines + [f"  {reason}: {', '.join(names)}" for reason, names in sorted(by_reason.items())]


def write(cases, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {"tests": [asdict(case) for case in cases]}
    Path(path).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
