"""Every sentence of the tutor that a further language can say: what a translator is given."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_ENGLISH: Final = "_ENGLISH"
_KOREAN: Final = "_KOREAN"
"""What two dataclasses of the same sentences are called, wherever they stand."""


def sentences(folder: Path) -> dict[str, str]:
    """Return each English sentence of a package's code with the Korean one, in their order.

    They are those that stand side by side, as `ko=` and `en=` of one call, and the fields of a
    dataclass called `_ENGLISH`, whose Korean ones stand in the `_KOREAN` of the same module.

    :param folder: where the package's modules are
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        for english, korean in _in_module(ast.parse(path.read_text("utf-8"))):
            found.setdefault(english, korean)
    return found


def _in_module(module: ast.Module) -> Iterator[tuple[str, str]]:
    named = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if _ENGLISH in named:
        korean = _texts(named[_KOREAN])
        for field, texts in _texts(named[_ENGLISH]).items():
            yield texts[0], korean[field][0]
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            pair = _texts(node)
            if pair.keys() >= {"ko", "en"}:
                yield from ((english, pair["ko"][0]) for english in pair["en"])


def _texts(call: ast.Call) -> dict[str, list[str]]:
    """Return the texts that a call is given by name; two where a number decides between them."""
    given: dict[str, list[str]] = {}
    for keyword in call.keywords:
        value = keyword.value
        branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        texts = [
            it.value
            for it in branches
            if isinstance(it, ast.Constant) and isinstance(it.value, str)
        ]
        if keyword.arg and texts:
            given[keyword.arg] = texts
    return given
