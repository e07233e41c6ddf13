"""What the string below each field of a model says of that field.

Pydantic can do this as well, but then reads the source of every model when it is imported, which
takes longer than all else of importing them; few who load lessons ask what their fields mean.
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise


@cache
def field_docs(model: type) -> Mapping[str, str]:
    """Return the strings by field, those of the classes that it extends included."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if "__annotations__" in vars(one):
            found.update(_own_docs(one))
    return found


def _own_docs(model: type) -> dict[str, str]:
    try:
        source = inspect.getsource(model)
    except (OSError, TypeError):  # built in, or installed without its source
        return {}
    (tree,) = ast.parse(textwrap.dedent(source)).body
    assert isinstance(tree, ast.ClassDef)
    docs: dict[str, str] = {}
    for field, below in pairwise(tree.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                docs[name] = inspect.cleandoc(text)
    return docs
