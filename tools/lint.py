"""Runs clang-tidy over the sources that changed since the branch began, or over all, on every core."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    checked: int = 0
    left: int = 0
    findings: list = field(default_factory=list)


def _git(root, *arguments):
    done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def changed(root):
    """Paths that differ from where this branch left main (from the last commit's parent on main itself), and new ones."""
    base = _git(root, "merge-base", "main", "HEAD")
    if not base or base == _git(root, "rev-parse", "HEAD"):
        base = _git(root, "rev-parse", "--verify", "--quiet", "HEAD~1")
    names = _git(root, "diff", "--name-only", base[0]) if base else _git(root, "ls-files")
    return {Path(name) for name in names + _git(root, "ls-files", "--others", "--exclude-standard")}


def sources(root, build, everything):
    """The .cpp files to look at: compiled, of ours, and changed or with the header of their name changed."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    ours = []
    for row in commands:
        path = Path(row["file"])
        if build in path.parents or root not in path.parents:
            continue
        ours.append(path.relative_to(root))
    if everything:
        return sorted(ours)
    touched = changed(root)
    return sorted(p for p in ours if p in touched or p.with_suffix(".h") in touched)


def run(root, build, everything, seconds=None):
    """Stops taking new files after `seconds`; what was left is counted, not hidden."""
    outcome = Outcome()
    deadline = time.monotonic() + seconds if seconds else None

    def one(path):
        if deadline and time.monotonic() > deadline:
            return None
        command = ["clang-tidy-19", "--quiet", "-p", str(build), str(root / path)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        return f"{path}\n{done.stdout.strip() or done.stderr.strip()}" if done.returncode else ""

    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for text in pool.map(one, sources(root, build, everything)):
            outcome.left += text is None
            outcome.checked += text is not None
            if text:
                outcome.findings.append(text)
    return outcome
