#!/usr/bin/env python3
"""Puts sources together, so that what all of them include is read once: half of a compilation is headers.

  batches.py FOLDER NAME BASE SOURCE...

Writes FOLDER/NAME_<n>.cpp, each of which includes the sources of one batch by their paths relative to BASE, and prints
what to compile: those files, and each source that is alone in its batch. Sources that name the same thing at the
beginning of a line come into different batches: what two of them keep to themselves may be called alike. What this does
not see (a name that a header brings from afar) the compiler does: then one of the two needs another name.
"""

import os
import re
import sys
from pathlib import Path

import common

# Longer than this a batch keeps one processor busy while the other waits.
MOST_LINES = 1200

# What a line that is not indented gives a name to: a type, an alias, a macro, a function or a constant.
_NAMED = re.compile(
    r"^(?:\[\[\w+\]\]\s*)?(?:"
    r"(?:struct|class|enum(?:\s+class)?|union|concept)\s+(?P<type>\w+)"
    r"|(?:using|namespace)\s+(?P<alias>\w+)\s*="
    r"|\#\s*define\s+(?P<macro>\w+)"
    r"|(?!return\b|namespace\b|template\b|struct\b|class\b|enum\b|TEST)"
    r"[A-Za-z_][\w:<>,&*\s\[\]]*?[\s&*>](?P<value>\w+)\s*[({=;\[]"
    r")",
    re.MULTILINE,
)
_INCLUDED = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def names(code):
    """What a text names at the beginning of its lines; rather a name too many than one too few."""
    return {next(filter(None, found.groups())) for found in _NAMED.finditer(common.without_literals(code))}


def named_by(path, folder, base):
    """Each name that a source brings, with the file that gives it: itself or a header of the folder."""
    code = path.read_text(encoding="utf-8")
    given = {}
    for header in _INCLUDED.findall(common.without_comments(code)):
        if (base / header).is_file() and (base / header).is_relative_to(folder):
            given |= dict.fromkeys(names((base / header).read_text(encoding="utf-8")), header)
    return given | dict.fromkeys(names(code), path), code.count("\n")


def divide(sources, base, most_lines=MOST_LINES):
    """Lists of the sources: each comes into the first batch that has room and gives none of its names to another thing."""
    batches = []
    folder = Path(os.path.commonpath([source.parent for source in sources]))
    for source in sources:
        mine, lines = named_by(source, folder, base)
        for batch in batches:
            room = batch["lines"] + lines <= most_lines
            if room and all(batch["names"].get(name, giver) == giver for name, giver in mine.items()):
                break
        else:
            batch = {"sources": [], "names": {}, "lines": 0}
            batches.append(batch)
        batch["sources"].append(source)
        batch["names"] |= mine
        batch["lines"] += lines
    return [batch["sources"] for batch in batches]


def write_if_new(path, text):
    """Leaves the file's time alone where its text stays, so that nothing is compiled again for nothing."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(folder, name, base, *sources):
    for number, batch in enumerate(divide([Path(source) for source in sources], Path(base))):
        if len(batch) == 1:
            print(batch[0])
            continue
        path = Path(folder) / f"{name}_{number}.cpp"
        write_if_new(path, "".join(f'#include "{os.path.relpath(source, base)}"\n' for source in batch))
        print(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
