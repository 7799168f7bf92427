"""Holds an answer of acquit-bench against docs/benchmark.md: each documented field is there, and no other."""

import json
import re

# What the benchmark is for; none of these can be nothing.
POSITIVE = (
    "payments_per_s", "limit_per_s", "ratio", "p50_ms_half_load", "p99_ms_half_load", "cpu_ms_per_payment",
    "resident_mb_loaded", "resident_mb_idle", "fdatasync_per_s",
)  # fmt: skip


# What a server may need more after the first third of the payments than in it: what has no bound grows by more.
RISE_MB = 8


def documented(text, section="Fields"):
    """The names in the first column of the table of fields in a section."""
    table = text.split(f"## {section}\n", 1)[-1].split("\n## ", 1)[0]
    return {name for row in re.findall(r"^\|([^|]+)\|", table, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)}


def read(answer, names):
    """The members of the answer, one for each engine; and what is wrong with them all the same."""
    try:
        engines = json.loads(answer)
    except ValueError:
        return {}, [f"the answer is no JSON: {answer[:500]!r}"]
    found = [] if engines else ["no engine was measured"]
    for engine, fields in engines.items():
        found += [f"{engine}: {name} is missing" for name in sorted(names - fields.keys())]
        found += [f"{engine}: {name} is not documented" for name in sorted(fields.keys() - names)]
        if fields.get("failed"):
            found.append(f"{engine}: {fields['failed']} payments failed")
    return engines, found


def problems(answer, names):
    """What is wrong with the answer."""
    engines, found = read(answer, names)
    for engine, fields in engines.items():
        found += [f"{engine}: {name} is {fields[name]}" for name in POSITIVE if name in fields and not fields[name] > 0]
    return found


def memory_problems(answer, names):
    """What is wrong with the answer of --memory: also memory that went on growing."""
    engines, found = read(answer, names)
    for engine, fields in engines.items():
        first, later = fields.get("resident_mb_first_third", 0), fields.get("resident_mb_later", 0)
        if not 0 < later <= first + RISE_MB:
            found.append(f"{engine}: {first} MB in the first third, {later} MB later: more than {RISE_MB} MB above it")
    return found
