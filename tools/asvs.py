"""Holds docs/asvs.md against the tree and this run: what is named as evidence exists, and each test of it passed.

A row is `| id | level | what it asks | state | evidence |`. Evidence in backticks is a test, spelled as in docs/features.md, or
a file of this tree, which has a `/` or ends in `.md`. A row that says `met` or `in part` has to name some.
"""

import re

STATES = {"met", "in part", "not met", "not applicable"}
ID = re.compile(r"[1-9][0-9]?\.[1-9][0-9]?\.[1-9][0-9]?")
FILE = re.compile(r"[\w./-]*/[\w./-]*|[\w-]+\.md")


def rows(text):
    """(line number, cells) of each row whose first cell looks like a requirement's number."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.match(r"v?[0-9]", cells[0]):
            yield number, cells


def problems_of(cells, seen, root, check_test):
    if len(cells) != 5:
        return ["has not five cells: id, level, what, state, evidence"]
    requirement, level, _, state, evidence = cells
    found = [] if ID.fullmatch(requirement) else [f"{requirement} is no number of a requirement"]
    found += [f"{requirement} stands twice"] if requirement in seen else []
    found += [] if level in ("1", "2") else [f"{requirement} has no level 1 or 2"]
    found += [] if state in STATES else [f"{requirement} has the unknown state {state}"]
    named = re.findall(r"`([^`]+)`", evidence)
    for name in named:
        if FILE.fullmatch(name):
            found += [] if (root / name).exists() else [f"{requirement} names {name}, which is not there"]
        else:
            found += [problem for problem in [check_test(name)] if problem]
    if state in ("met", "in part") and not named:
        found.append(f"{requirement} is {state} without evidence")
    return found


def check(text, root, check_test):
    """(findings, how many rows)."""
    findings, seen = [], set()
    for line, cells in rows(text):
        findings += [f"docs/asvs.md:{line}: {problem}" for problem in problems_of(cells, seen, root, check_test)]
        seen.add(cells[0])
    return findings or ([] if seen else ["docs/asvs.md: no row found"]), len(seen)
