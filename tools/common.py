"""What the checks share: the project's files, C++ text with comments and literals blanked, and how findings are shown."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__"}

# Raw strings, comments, strings and character literals, in the order in which they win.
_LEXEME = re.compile(
    r'R"(?P<tag>[^()\s\\]{0,16})\((?P<raw>.*?)\)(?P=tag)"'
    r"|//[^\n]*|/\*.*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def files(root, *folders, suffixes=None):
    """All files below the folders (or below root), as sorted paths relative to root."""
    found = []
    for folder in folders or ("",):
        for where, names, entries in os.walk(root / folder):
            names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS)
            for entry in entries:
                path = (Path(where) / entry).relative_to(root)
                if suffixes is None or path.suffix in suffixes:
                    found.append(path)
    return sorted(found)


def read(root, path):
    return (root / path).read_text(encoding="utf-8", errors="replace")


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(code):
    """The same lines with comments blanked."""

    def keep(match):
        return _blank(match[0]) if match[0].startswith(("//", "/*")) else match[0]

    return _LEXEME.sub(keep, code)


def without_literals(code):
    """The same lines with comments and the insides of string and character literals blanked."""

    def keep(match):
        text = match[0]
        if text.startswith(("//", "/*")):
            return _blank(text)
        return text[0] + _blank(text[1:-1]) + text[-1]

    return _LEXEME.sub(keep, code)


def report(tool, findings, checked):
    """Prints the findings and one closing line; the exit status of the tool."""
    for finding in findings:
        print(finding)
    print(f"{tool}: {len(findings)} findings in {checked}" if findings else f"{tool}: {checked} are fine")
    return 1 if findings else 0


def fail_usage(message):
    print(message, file=sys.stderr)
    sys.exit(2)
