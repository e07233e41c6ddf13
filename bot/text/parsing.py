"""Python source text to a tree, from any thread."""

import ast
import time
import warnings
from typing import Final

NOT_PYTHON: Final = (SyntaxError, ValueError, RecursionError, MemoryError, Warning)
"""What is raised for a text that is no Python, or too deep to be read."""

_TRIES: Final = 20
_PAUSE_SECONDS: Final = 0.002


def parse_python(code: str) -> ast.Module:
    """Return the tree of a source text.

    Where several threads parse at the same time, Python 3.11 may fail for no fault of the text
    (https://github.com/python/cpython/issues/106905), so it is tried again.

    :raises SyntaxError: if it is no Python
    :raises ValueError: if it holds what no source text may, or could not be parsed
    :raises RecursionError: if it is nested too deep
    :raises MemoryError: as above
    """
    for _ in range(_TRIES):
        try:
            return ast.parse(code)
        except SystemError:
            time.sleep(_PAUSE_SECONDS)
    raise ValueError("it could not be parsed")


def parsed_python(code: str) -> ast.Module | None:
    """Return the tree of a source text; None where it is no Python, or too deep to be parsed."""
    try:
        return parse_python(code)
    except NOT_PYTHON:
        return None


def compile_strictly(code: str) -> None:
    """See whether a lesson's code is Python; what Python would warn of (a bad escape) is an error.

    :raises Exception: one of `NOT_PYTHON`, if it is none
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(code, "<scenario>", "exec", dont_inherit=True)
