"""Holds an answer of acquit-bench against docs/benchmark.md: each documented field is there, and no other."""

import json
import re

# What the benchmark is for; none of these can be nothing.
POSITIVE = (
    "payments_per_s", "limit_per_s", "ratio", "p50_ms_half_load", "p99_ms_half_load", "cpu_ms_per_payment",
    "resident_mb_loaded", "resident_mb_idle", "fdatasync_per_s",
)  # fmt: skip


def documented(text):
    """The names in the first column of the table of fields."""
    table = text.split("## Fields", 1)[-1].split("\n## ", 1)[0]
    return {name for row in re.findall(r"^\|([^|]+)\|", table, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)}


def problems(answer, names):
    """What is wrong with the answer, which has a member for each engine."""
    try:
        engines = json.loads(answer)
    except ValueError:
        return [f"the answer is no JSON: {answer[:500]!r}"]
    found = [] if engines else ["no engine was measured"]
    for engine, fields in engines.items():
        found += [f"{engine}: {name} is missing" for name in sorted(names - fields.keys())]
        found += [f"{engine}: {name} is not documented" for name in sorted(fields.keys() - names)]
        found += [f"{engine}: {name} is {fields[name]}" for name in POSITIVE if name in fields and not fields[name] > 0]
        if fields.get("failed"):
            found.append(f"{engine}: {fields['failed']} payments failed")
    return found
