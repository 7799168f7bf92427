"""What the stages of ./test may cost, in seconds of processors: the table of CONTRIBUTING.md says it, the runner checks it.

Seconds of processors, and not those of the clock: these double when something else runs on the same machine.
"""

import os
import re
import resource

from results import Case

# One stage's row: its name, what it may cost, what it does.
_ROW = re.compile(r"^\| ([^|]+?) \| (\d+) \|", re.MULTILINE)


def written(text):
    """The budget of each stage in the table of CONTRIBUTING.md, in seconds; a stage without a number has none."""
    return {name: int(seconds) for name, seconds in _ROW.findall(text)}


def processor_seconds():
    """What this process and all children that it waited for have used so far, and theirs."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def check(stage, spent, budget):
    """Fails a stage that costs half as much again as is written; what the compiler's cache spared can't fail it."""
    most = budget * float(os.environ.get("BUDGET_TIMES", "1.5"))
    detail = f"{spent:.0f} s of processors, where {budget} are written in CONTRIBUTING.md" if spent > most else ""
    return Case(f"tools: budget of {stage}", "failed" if detail else "passed", stage, detail=detail)
