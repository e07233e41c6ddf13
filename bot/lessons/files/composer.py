"""YAML nodes: PyYAML's C parser, with scalars resolved as YAML 1.2's core schema has it.

YAML 1.1, PyYAML's own way, surprises authors: there `no` and `on` are booleans, `1:30` is 90
and `012` is 10.
"""

import re
from typing import Any

from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.lessons.files.errors import quoted

MAX_DEPTH = 24
"""How deep a file may nest. A lesson nests 8 deep."""
MAX_NODES = 10_000
"""How many texts, numbers, lists and mappings a file may have. A long lesson has some 1,000."""

STR, NULL, BOOL, INT, FLOAT = "str", "null", "bool", "int", "float"
PLAIN_TAGS = {STR, NULL, BOOL, INT, FLOAT, "map", "seq"}
_CORE = (
    (NULL, re.compile(r"~|null|Null|NULL|")),
    (BOOL, re.compile(r"true|True|TRUE|false|False|FALSE")),
    (INT, re.compile(r"[-+]?[0-9]{1,30}|0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")),
    (FLOAT, re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")),
    (FLOAT, re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")),
)
_MAY_RESOLVE = frozenset("0123456789+-.~nNtTfF")
UNPRINTABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of the text around them."""


class Composer(CParser):
    """Composes nodes with the C parser, counting them and how deep they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._count = 0

    def resolve(self, kind: type[Node], value: str, implicit: Any) -> str:
        """Return the tag of a node that has none written: YAML 1.2's core schema."""
        if kind is not ScalarNode:
            return "map" if kind is MappingNode else "seq"
        if implicit[0] and (not value or value[0] in _MAY_RESOLVE):
            for tag, pattern in _CORE:
                if pattern.fullmatch(value):
                    return tag
        return STR

    def descend_resolver(self, parent: Node | None, _index: Any) -> None:
        """Go one deeper; the parser calls this at each node."""
        self._depth += 1
        self._count += 1
        mark = parent.start_mark if parent else None
        if self._depth > MAX_DEPTH:
            hint = "Check the indentation and the brackets."
            raise ExcessError("parts nested more than", f"{MAX_DEPTH} deep", hint, mark)
        if self._count > MAX_NODES:
            hint = "Split it into several lessons."
            raise ExcessError("more than", f"{MAX_NODES} parts", hint, mark)

    def ascend_resolver(self) -> None:
        """Come back up."""
        self._depth -= 1


class ExcessError(Exception):
    """The file nests deeper, or has more parts, than any lesson does."""

    def __init__(self, what: str, limit: str, hint: str, mark: Any) -> None:
        super().__init__(f"{what} {limit}")
        self.limit = limit
        self.hint = hint
        self.mark = mark
        """Where the part starts that holds what is too much."""


def value_of(node: ScalarNode) -> str | int | float | bool | None:
    """Return a scalar's plain value."""
    text: str = node.value
    if node.tag == NULL:
        return None
    if node.tag == BOOL:
        return text[0] in "tT"
    if node.tag == INT:
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if node.tag == FLOAT:
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def kind(node: Node) -> str:
    """Return in words what a node is."""
    if isinstance(node, MappingNode):
        return "fields (key: value)"
    if isinstance(node, SequenceNode):
        return "a list"
    text = str(node.value)
    if node.tag == NULL:
        return "nothing"
    if node.tag == BOOL:
        return f"the truth value {text}"
    if node.tag in {INT, FLOAT}:
        return f"the number {text}"
    return f"the text {quoted(text)}"
