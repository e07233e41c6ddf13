"""Warnings: what can be used as it is, but will not come out as its author meant it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from wcwidth import wcswidth
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.languages import Locale, locales
from bot.lessons.authoring.course_rules import FROM_THE_NOTES, USUAL_RUN
from bot.lessons.authoring.lint import placed
from bot.lessons.files import phrases, read_file
from bot.lessons.files.composer import STR
from bot.lessons.files.document import Document, Key, Loc, Slip
from bot.lessons.files.errors import LessonFileError, Problem, quoted
from bot.lessons.files.honesty import plain_lines
from bot.lessons.files.model_paths import texts_of
from bot.lessons.model import Lesson, LessonPart, Scenario

COLUMNS = 36
"""Columns of code that a phone shows without breaking or cutting lines."""
_COMMENT = re.compile(r"\s+#\s*\S")
_NAMES = {
    "id",
    "requires",
    "next",
    "scenarios",
    "counterpart",
    "python",
    "since",
    "outcome",
    "error",
    "url",
}
"""Fields of names, which hold no blanks: a comment after one is meant as a comment."""
_NOT_SHOWN = {
    "heading_open": "a heading",
    "table_open": "a table",
    "image": "a picture",
    "html_block": "HTML",
    "html_inline": "HTML",
    "hr": "a rule",
    "blockquote_open": "a quotation",
}
"""What some platform shows as its bare characters, or not at all; by markdown-it's tokens."""


def warnings(lesson: Lesson, path: Path) -> Iterator[Problem]:
    """Yield what an author should look at again; none of it makes a lesson unusable."""
    slips = [*_markdown(lesson, ())]
    for number, scenario in enumerate(lesson.scenarios):
        if scenario.id not in FROM_THE_NOTES:
            slips += [
                *_wide(("scenarios", number), scenario),
                *_long(("scenarios", number), scenario),
            ]
    try:
        slips += _swallowed(Document(path, read_file.read_file(path)))
    except LessonFileError:
        return  # it changed meanwhile; the next check says what is wrong
    yield from sorted(placed(path, slips, "warning"), key=lambda it: (it.line, it.column))


def _markdown(part: LessonPart, loc: tuple[Key, ...]) -> Iterator[Slip]:
    """Find Markdown that is not shown alike everywhere. Titles and phrases are no Markdown."""
    for here, below in texts_of(part, loc):
        if here[-1] != "title" and "phrases" not in here:
            for locale in below.languages:
                for found in dict.fromkeys(_unshown(below.text(locale))):
                    what = f"{found} is not shown alike on every platform"
                    accepted = "bold, italics, `code`, lists, links and fenced code"
                    yield (*here, locale), what, accepted, "Write it with these."


def _unshown(text: str) -> Iterator[str]:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for token in parser.parse(text):
        for one in (token, *(token.children or ())):
            if one.type in _NOT_SHOWN:
                yield _NOT_SHOWN[one.type]


def _wide(loc: Loc, scenario: Scenario) -> Iterator[Slip]:
    """Find code and printed lines that are too wide for a phone."""
    accepted = f"at most {COLUMNS} columns, as a phone shows them"
    hint = "Break the line; shorten names and texts."
    for locale in locales():
        code = phrases.code_in(scenario, locale).split("\n")
        if found := _too_wide(code):
            yield (*loc, "code"), _told(found, "the code", locale), accepted, hint
            break
    for locale in locales():
        printed = [
            phrases.with_phrases(it, scenario, locale) for it in plain_lines(scenario.expect)
        ]
        if found := _too_wide(printed):
            yield (*loc, "expect", "lines"), _told(found, "the output", locale), accepted, hint
            break


def _told(widths: Sequence[int], where: str, locale: Locale) -> str:
    lines = "1 line" if len(widths) == 1 else f"{len(widths)} lines"
    return f"{lines} of {where} too wide ({locale}): up to {max(widths)} columns"


def _too_wide(lines: Sequence[str]) -> list[int]:
    return [width for line in lines if (width := wcswidth(line)) > COLUMNS]


def _long(loc: Loc, scenario: Scenario) -> Iterator[Slip]:
    elapsed = scenario.expect.elapsed
    if elapsed and elapsed.about > USUAL_RUN:
        what = f"a run takes {elapsed.about:g} s"
        hint = "Shorten the delays: nobody waits longer to learn the same."
        yield (*loc, "expect", "elapsed"), what, f"at most {USUAL_RUN:g} s", hint


def _swallowed(document: Document) -> Iterator[Slip]:
    """Find texts without quotes that a ` #` cuts short: what follows it is a comment to YAML."""
    for loc, node in _scalars(document.node(()), ()):
        field = next((step for step in reversed(loc) if isinstance(step, str)), "")
        if node.tag != STR or node.style or field in _NAMES:
            continue
        rest = document.rest_of_line(node)
        if _COMMENT.match(rest):
            what = f"{quoted(rest.strip())} is a comment to YAML, not a part of the text"
            hint = "Put the whole text into quotes; or move the comment to a line of its own."
            yield loc, what, "texts that hold ` #` in quotes", hint


def _scalars(node: Node, loc: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield loc, node
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*loc, number))
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*loc, str(key.value)))
