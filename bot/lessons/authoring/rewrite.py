"""Writes a proposed expectation into its lesson file, and leaves everything else as it stands."""

from pathlib import Path
from typing import Any

from bot.lessons.authoring.propose import Proposal
from bot.lessons.files.document import Document


def with_expectation(path: Path, text: str, number: int, proposal: Proposal) -> str:
    """Return the file's text with a new `expect` in the scenario of this number, from 0.

    Cases for other Pythons (`versions`) are kept; comments inside the old `expect` are not.

    :raises LessonFileError: if the text is no lesson
    """
    document = Document(path, text)
    loc = ("scenarios", number, "expect")
    line, column = document.place(loc, key=True)
    lines = text.split("\n")
    end = document.node(loc).end_mark
    # A block's end is where the next field begins; what stands before that field is the field's.
    last = end.line + (1 if end.column > 0 and lines[end.line][: end.column].strip() else 0)
    while last > line and _is_outside(lines[last - 1], column - 1):
        last -= 1
    kept = _versions(document.data, number)
    whole = Proposal({**proposal.expect, **kept}, proposal.remarks)
    new = whole.text(indent=column - 1).rstrip("\n").split("\n")
    return "\n".join([*lines[: line - 1], *new, *lines[last:]])


def _is_outside(line: str, indent: int) -> bool:
    """Tell whether a line before the next field is no part of the block of this indentation."""
    inner = line.lstrip(" ")
    return not inner or (inner.startswith("#") and len(line) - len(inner) <= indent)


def _versions(data: dict[str, Any], number: int) -> dict[str, Any]:
    old = data["scenarios"][number]["expect"] or {}
    return {"versions": old["versions"]} if "versions" in old else {}
