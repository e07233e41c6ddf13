"""Every sentence of the tutor that a further language can say: what a translator is given."""

import ast
from pathlib import Path


def sentences(folder: Path) -> dict[str, str]:
    """Return each English sentence of a package's code with the Korean one, in their order.

    They are those that stand side by side, as `ko=` and `en=` of one call.

    :param folder: where the package's modules are
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            pair = _texts(node) if isinstance(node, ast.Call) else {}
            if pair.keys() >= {"ko", "en"}:
                for english in pair["en"]:
                    found.setdefault(english, pair["ko"][0])
    return found


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
