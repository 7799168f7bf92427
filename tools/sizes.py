"""Finds functions in C++ text and how many lines each has, by its braces; good enough to hold a limit, no parser."""

import re

import common

_BRACE = re.compile(r"[{}]")
_LEAD = re.compile(r"\s*(?:(?:public|private|protected):\s*)*")
_NAME = re.compile(r"([~\w:]+|operator\s*\S+)\s*\(")


def _kind(head):
    """What the brace after `head` opens: "scope" (namespace, type), "function" or "other"."""
    head = re.sub(r"^\s*#.*$", "", head, flags=re.MULTILINE).strip()
    # Looked for at the end: a macro's call may stand before it without a semicolon.
    if re.search(r'\bnamespace\b[\w\s:]*$|\bextern\s+"\s*"$', head):
        return "scope", ""
    if re.search(r"\b(?:class|struct|union|enum)\b[^()=]*$", head):
        return "scope", ""
    name = _NAME.search(head)
    if name and head[-1:] not in "=(,[" and not head.endswith("return"):
        return "function", name[1].replace(" ", "")
    return "other", ""


def functions(code):
    """(name, first line, number of lines) of each function that stands in a namespace or type."""
    code = common.without_literals(code)
    found, stack = [], []
    head_start = 0
    previous_end = 0
    for match in _BRACE.finditer(code):
        if match[0] == "{":
            between = code[previous_end : match.start()]
            cut = max(between.rfind(";"), -1)
            if cut >= 0 and (not stack or stack[-1][0] == "scope"):
                head_start = previous_end + cut + 1
            inside = bool(stack) and stack[-1][0] != "scope"
            kind, name = ("other", "") if inside else _kind(code[head_start : match.start()])
            start = _LEAD.match(code, head_start).end()
            stack.append((kind, name, code.count("\n", 0, start) + 1))
            if not inside and kind == "scope":
                head_start = match.end()
        elif stack:
            kind, name, first = stack.pop()
            # A brace initialiser in a constructor's list is followed by a comma or by the body: same head, same function.
            goes_on = re.match(r"\s*[,{]", code[match.end() :])
            if kind == "function" and not goes_on:
                found.append((name, first, code.count("\n", 0, match.start()) + 1 - first + 1))
            if not goes_on and (not stack or stack[-1][0] == "scope"):
                head_start = match.end()
        previous_end = match.end()
    return found
