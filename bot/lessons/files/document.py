"""A lesson file as plain data, with the place of each part in the file.

Only plain data is taken: no tags, no aliases, no field twice, no deep nesting.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.lessons.files.composer import (
    PLAIN_TAGS,
    STR,
    UNPRINTABLE,
    Composer,
    ExcessError,
    kind,
    value_of,
)
from bot.lessons.files.errors import MAX_PROBLEMS, LessonFileError, Problem, quoted

Key = str | int
Loc = Sequence[Key]
"""The way from the root to a part: field names and positions."""
Slip = tuple[Loc, str, str, str]
"""Where it is (in the lesson, or in the part that was looked at), what is wrong, what is accepted,
and what to do."""


class Document:
    """One YAML file as plain data, with the place of each part."""

    def __init__(self, path: Path, text: str) -> None:
        """Parse the text.

        :raises LessonFileError: if it is not one document of plain data with a mapping at its root
        """
        self.path = path
        self._lines = text.split("\n")
        self._problems: list[Problem] = []
        self._seen: set[int] = set()
        self._tree: Node | None = None
        root = self._root
        if not isinstance(root, MappingNode):
            what = f"found {kind(root)} where the lesson's fields should be"
            hint = "Start with a line such as `id: my_lesson`."
            raise LessonFileError([self.problem((), what, "fields (key: value)", hint)])
        data = self._plain(root, ())
        if self._problems:
            raise LessonFileError(self._problems[:MAX_PROBLEMS])
        self.data: dict[str, Any] = data

    @property
    def _root(self) -> Node:
        """The file's nodes; parsed again where they have been folded away."""
        if self._tree is None:
            self._tree = self._compose("\n".join(self._lines))
        return self._tree

    def fold(self) -> None:
        """Let go of the nodes, and keep the text alone.

        A node costs several objects, and a thousand lessons' nodes would keep the garbage
        collector busy for longer than it takes to parse the few that are needed once more.
        """
        self._tree = None
        self._seen.clear()
        self.data.clear()

    def problem(
        self, loc: Loc, what: str, accepted: str = "", hint: str = "", *, key: bool = False
    ) -> Problem:
        """Return a problem with the part at `loc`; `key`: its name is wrong, not its value."""
        line, column = self.place(loc, key=key)
        return Problem(self.path, line, column, path_of(loc), what, accepted, hint)

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Return line and column, from 1, of the part at `loc` or of what is nearest to it."""
        name, node = self._find(loc)
        mark = (name if key and name is not None else node).start_mark
        return mark.line + 1, mark.column + 1

    def place_inside(self, loc: Loc, line: int, column: int) -> tuple[int, int]:
        """Return the place in the file of a line and column, both from 1, of the text at `loc`.

        In a text that is not a literal block (`|`), the place where the text starts.
        """
        node = self.node(loc)
        if not isinstance(node, ScalarNode) or node.style != "|":
            return self.place(loc)
        number = node.start_mark.line + 1 + line
        raw = self._lines[number - 1] if number <= len(self._lines) else ""
        content = node.value.split("\n")
        indent = len(raw.rstrip("\r")) - len(content[line - 1]) if line <= len(content) else 0
        return number, max(indent, 0) + column

    def rest_of_line(self, node: Node) -> str:
        """Return what follows a node in the line in which it ends."""
        mark = node.end_mark
        return self._lines[mark.line][mark.column :] if mark.line < len(self._lines) else ""

    def node(self, loc: Loc) -> Node:
        """Return the node at `loc`, or the nearest around it."""
        return self._find(loc)[1]

    def _find(self, loc: Loc) -> tuple[Node | None, Node]:
        """Follow `loc` as far as it goes; return the last key's node and the value's."""
        name: Node | None = None
        node: Node = self._root
        for step in loc:
            if isinstance(node, MappingNode):
                found = [(k, v) for k, v in node.value if k.value == step]
                if not found:
                    break
                name, node = found[-1]
            elif isinstance(node, SequenceNode) and isinstance(step, int):
                if step >= len(node.value):
                    break
                name, node = None, node.value[step]
            else:
                break
        return name, node

    def _compose(self, text: str) -> Node:
        """Parse the whole text into nodes."""
        composer = Composer(text)
        try:
            root: Node | None = composer.get_single_node()
        except ExcessError as error:
            what, accepted = f"the file has {error}", f"at most {error.limit}"
            raise self._at(error.mark, what, accepted, error.hint) from None
        except yaml.reader.ReaderError as error:
            before = text.encode()[: error.position].decode()
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            what = f"the control character U+{ord(text[len(before)]):04X}"
            hint = "Remove it; your editor may not show it."
            problem = Problem(self.path, line, column, "", what, "printable text", hint)
            raise LessonFileError([problem]) from None
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None
        if root is None:
            hint = "`tutor lessons new ID` writes one to start from."
            raise self._at(None, "the file is empty", "a lesson", hint)
        return root

    def _at(self, mark: Any, what: str, accepted: str, hint: str) -> LessonFileError:
        """Return the error of one problem at a mark of the parser."""
        return LessonFileError([self._marked(mark, (), what, accepted, hint)])

    def _marked(self, mark: Any, loc: Loc, what: str, accepted: str, hint: str) -> Problem:
        """Return a problem at a mark of the parser; at the file's beginning where there is none."""
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Problem(self.path, line, column, path_of(loc), what, accepted, hint)

    def _syntax(self, error: yaml.MarkedYAMLError) -> LessonFileError:
        """Return the error for text that is not YAML, in words for authors."""
        said = f"{error.context or ''} {error.problem or ''}".strip()
        mark = error.problem_mark or error.context_mark
        if "could not find expected ':'" in said:
            mark = error.context_mark  # the other one is wherever the next field starts
        line = self._lines[mark.line] if mark and mark.line < len(self._lines) else ""
        if "but found another document" in said:
            hint = "Put the second one into a file of its own."
            return self._at(mark, "a second document starts here", "one lesson a file", hint)
        if "alias" in said or "anchor" in said:
            return self._at(mark, said, *_NO_ALIASES)
        if "tab" in said or line[: mark.column + 1 if mark else 0].endswith("\t"):
            hint = "Replace tabs with spaces."
            return self._at(mark, "a tab is used for indentation", "spaces", hint)
        if found := _WORDS_AFTER_QUOTE.search(line):
            what = f"this is not YAML: words follow {found[1]}, whose closing quote ends the text"
            hint = "Put the whole text into quotes of the other kind, or write it below `>-`."
            return self._at(mark, what, "quotes around the whole text, or none", hint)
        return self._at(mark, f"this is not YAML: {said}", "YAML", _syntax_hint(said))

    def _plain(self, node: Node, loc: tuple[Key, ...]) -> Any:
        """Return a node as plain data; what cannot be is noted as a problem."""
        if id(node) in self._seen:
            raise self._alias()
        self._seen.add(id(node))
        if node.tag not in PLAIN_TAGS:
            what = f"the tag {quoted(node.tag.replace('tag:yaml.org,2002:', '!!'))}"
            accepted = "plain text, numbers, lists and fields"
            self._problems.append(self.problem(loc, what, accepted, "Remove the tag."))
            return None
        if isinstance(node, ScalarNode):
            if node.tag == STR:
                self._text(node.value, loc)
            return value_of(node)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*loc, i)) for i, item in enumerate(node.value)]
        return self._mapping(node, loc)

    def _alias(self) -> LessonFileError:
        """Return the error for an alias, found by its node coming a second time."""
        events = yaml.parse("\n".join(self._lines), Loader=yaml.CSafeLoader)
        mark = next((it.start_mark for it in events if isinstance(it, yaml.AliasEvent)), None)
        return self._at(mark, "an alias (*name) to another part of the file", *_NO_ALIASES)

    def _mapping(self, node: Node, loc: tuple[Key, ...]) -> dict[str, Any]:
        """Return a mapping; its keys are texts, each used once."""
        first: dict[str, int] = {}
        data: dict[str, Any] = {}
        for key, value in node.value:
            mark = key.start_mark
            if not isinstance(key, ScalarNode):
                what = f"found {kind(key)} where a field's name should be"
                self._problems.append(self._marked(mark, loc, what, "a name", _QUOTE))
            elif key.value in first:
                what = f"{quoted(key.value)} is given twice, first in line {first[key.value]}"
                twice, hint = (*loc, key.value), "Remove one of the two, or join them."
                self._problems.append(self._marked(mark, twice, what, "each field once", hint))
            else:
                first[key.value] = mark.line + 1
                data[key.value] = self._plain(value, (*loc, key.value))
        return data

    def _text(self, text: str, loc: Loc) -> None:
        """Note what no text may hold, however it got there."""
        if found := UNPRINTABLE.search(text):
            what = f"the character U+{ord(found[0]):04X} cannot be seen"
            self._problems.append(self.problem(loc, what, "printable text", "Remove it."))


_NO_ALIASES = ("no anchors (&name) or aliases (*name)", "Write the text out once more.")
_QUOTE = "Put a name that starts with a bracket or brace into quotes."
_HINTS = (
    ("cannot start any token", "Put a text that starts with this character into quotes."),
    ("mapping values are not", "Put a text that holds `: ` into quotes, or check the indentation."),
    ("escape character", "Write a backslash as two, or use single quotes."),
    ("quoted scalar", "Close the quote."),
    ("flow", "Close the bracket or brace, with commas between the items."),
    ("could not find expected ':'", "Write `name: value`."),
    ("tag", "Put a text that starts with this character into quotes."),
)
_WORDS_AFTER_QUOTE = re.compile(
    r"""(?:^|[:\-,{\[])\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,}\]:#"']"""
)


def _syntax_hint(said: str) -> str:
    """Return what most likely mends text that is not YAML."""
    for part, hint in _HINTS:
        if part in said:
            return hint
    return "Check this line's indentation and the line above it."


def path_of(loc: Loc) -> str:
    """Return a way through the file as authors write it: scenarios[2].expect."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).lstrip(".")
