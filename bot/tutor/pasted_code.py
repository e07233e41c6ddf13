"""What people paste, read as the code that they mean. Pure.

Code that is valid Python is left as it is. Only where it is not, what chats, web pages, word
processors and the interactive interpreter put around or into it is taken away again, one thing
after the other. What is still no Python then runs all the same: Python itself says what is wrong,
and in which line.
"""

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.text.parsing import parse_python, parsed_python

LONGEST_CODE: Final = 20_000
"""Bytes of UTF-8 that a learner's own code may have: 20 kB."""

Mended = Literal["fence", "prompts", "characters", "indent", "tabs"]
"""What was taken away from, or changed in, a pasted text. The words name each."""

_PYTHON: Final = frozenset({"", "python", "py", "python3", "py3", "pycon", "py-con", "ipython"})
"""What a fence may be marked with, in lower case, where it holds Python."""

_DOUBLE: Final = "\u201c\u201d\u201e\u201f\uff02\u2033"
_SINGLE: Final = "\u2018\u2019\u201a\u201b\uff07\u2032"
_LOOKALIKES: Final = {
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009", " "),
    **dict.fromkeys("\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2013\u2014\u2212", "-"),
    **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
}
"""Characters outside strings and comments that stand for plain ones: blanks, dashes, full width."""

_TOKEN: Final = re.compile(
    rf"""
    (?P<plain>
      \#[^\n]*
      | \"{{3}}(?:[^\\]|\\.)*?(?:\"{{3}}|\Z)
      | '{{3}}(?:[^\\]|\\.)*?(?:'{{3}}|\Z)
      | "(?:[^"\\\n]|\\.)*"?
      | '(?:[^'\\\n]|\\.)*'?
    )
    | [{_DOUBLE}]{{3}}(?P<triple>.*?)(?:[{_DOUBLE}]{{3}}|\Z)
    | [{_DOUBLE}](?P<double>[^{_DOUBLE}"\n]*)[{_DOUBLE}"]?
    | [{_SINGLE}](?P<single>[^{_SINGLE}'\n]*)[{_SINGLE}']?
    | (?P<lookalike>[{re.escape("".join(_LOOKALIKES))}])
    """,
    re.VERBOSE | re.DOTALL,
)
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})(?:[ \t]*(?P<language>[\w+#.-]*)[ \t]*\n)?")
_PROMPT = re.compile(r"[ \t]*(?:>>>|In \[\d+\]:)(?: |$)(?P<code>.*)")
_MORE = re.compile(r"[ \t]*(?:\.\.\.:?)(?: |$)(?P<code>.*)")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A piece of code as it was meant."""

    code: str
    mended: tuple[Mended, ...] = ()
    """What was changed to read it so, in this order."""


def is_too_long(text: str) -> bool:
    """Tell whether a text has more than `LONGEST_CODE` bytes."""
    return len(text) > LONGEST_CODE or len(text.encode("utf-8", "surrogatepass")) > LONGEST_CODE


def read_pasted(text: str) -> Pasted:
    """Return the code that a pasted text stands for.

    It takes some milliseconds for the longest texts, so call it off the event loop.

    :param text: at most `LONGEST_CODE` bytes
    """
    code = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    mended: list[Mended] = []
    for name, mend, is_certain in _MENDS:
        if _is_python(code):
            break
        changed = mend(code)
        if changed != code and (is_certain or _stumbles_at(changed) > _stumbles_at(code)):
            code = changed
            mended.append(name)
    return Pasted(code, tuple(mended))


def python_block(message: str) -> str | None:
    """Return the first piece of Python in a chat message: fenced, or the whole message; or None."""
    fenced = list(_fenced(message))
    for language, code in fenced:
        if code.strip() and (
            language in _PYTHON - {""} or (not language and _does_something(code))
        ):
            return code
    if fenced:
        return next((code for language, code in fenced if not language and code.strip()), None)
    whole = message.strip()
    return whole if whole.startswith(">>>") or _does_something(whole) else None


def _without_fence(text: str) -> str:
    found = [code for language, code in _fenced(text) if language in _PYTHON]
    return found[0] if found else text


def _fenced(text: str) -> Iterator[tuple[str, str]]:
    """Yield the language and the code of each fenced block; the last may lack its end."""
    start = 0
    while opened := _FENCE.search(text, start):
        closed = _closing(text, opened["mark"], opened.end())
        end = len(text) if closed is None else closed
        code = text[opened.end() : end]
        yield (opened["language"] or "").lower(), code.removesuffix("\n") + "\n"
        start = end + len(opened["mark"])


def _closing(text: str, mark: str, start: int) -> int | None:
    """Return where the fence closes: a mark that begins or ends its line."""
    place = text.find(mark, start)
    while place >= 0:
        after = text.find("\n", place)
        rest = text[place + len(mark) : after if after >= 0 else len(text)]
        before = text[text.rfind("\n", 0, place) + 1 : place]
        if not before.strip(" \t>") or not rest.strip(" \t`~"):
            return place
        place = text.find(mark, place + len(mark))
    return None


def _without_prompts(text: str) -> str:
    """Return what was typed in an interactive session, without what that printed."""
    lines = text.split("\n")
    if not any(map(_PROMPT.match, lines)):
        return text
    typed = (_PROMPT.match(line) or _MORE.match(line) for line in lines)
    return "".join(f"{found['code']}\n" for found in typed if found)


def _with_plain_characters(code: str) -> str:
    """Return the code with straight quotes and plain blanks, dashes and signs outside strings."""

    def plain(found: re.Match[str]) -> str:
        if found["plain"] is not None:
            return found[0]
        if found["triple"] is not None:
            return f'"""{found["triple"]}"""'
        if found["double"] is not None:
            return f'"{found["double"]}"'
        if found["single"] is not None:
            return f"'{found['single']}'"
        return _LOOKALIKES[found[0]]

    return _TOKEN.sub(plain, code)


def _dedented(code: str) -> str:
    """Return code that was cut out of something indented, at the left margin."""
    dedented = textwrap.dedent(code)
    if dedented != code or not code[:1].isspace():
        return dedented
    return code.lstrip(" \t")  # only the first line's beginning was missed, or caught blanks


def _with_blanks_for_tabs(code: str) -> str:
    return next((it for it in map(code.expandtabs, (4, 8)) if _is_python(it)), code)


_MENDS: Final[tuple[tuple[Mended, Callable[[str], str], bool], ...]] = (
    ("fence", _without_fence, True),
    ("prompts", _without_prompts, True),
    ("characters", _with_plain_characters, False),
    ("indent", _dedented, False),
    ("tabs", _with_blanks_for_tabs, False),
)
"""What is tried, in this order, and whether it is certain that nobody meant it otherwise."""


def _is_python(code: str) -> bool:
    return _stumbles_at(code) == _NOWHERE


_NOWHERE: Final = (float("inf"), 0.0)


def _stumbles_at(code: str) -> tuple[float, float]:
    """Return the line and column at which a text is no Python any more."""
    try:
        parse_python(code)
    except SyntaxError as error:
        return (error.lineno or 0, error.offset or 0)
    except (ValueError, RecursionError, MemoryError):
        return (0, 0)
    return _NOWHERE


def _does_something(code: str) -> bool:
    """Tell whether a text is Python and more than words that happen to be names."""
    tree = None if is_too_long(code) else parsed_python(read_pasted(code).code)
    return tree is not None and any(
        isinstance(node, ast.Call | ast.Await)
        or (isinstance(node, ast.stmt) and not isinstance(node, ast.Expr | ast.AnnAssign))
        for node in ast.walk(tree)
    )
