"""The words of a typed line: parted by blanks and commas, held together by quotes. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A piece of a line between blanks and commas."""

    text: str
    group: tuple[int, ...]
    """Differs from that of another word where a comma stands between them."""
    quoted: bool = False
    key: str = ""
    """The `first` of `first=gather`."""
    sign: str = ""
    """What stands after the key, `=` or `:`; or `--` before it."""

    @property
    def bare(self) -> bool:
        """Nothing but a word: it may name a command."""
        return not self.quoted and not self.key


_PIECE = re.compile(
    r"""
    (?P<comma>[,，、])
    | \s+
    | (?:(?P<key>[^\W\d][\w-]*)(?P<sign>[=:＝：]))?
      (?: "(?P<escaped>(?:[^"\\]|\\.)*)"
        | “(?P<q1>[^”]*)” | ‘(?P<q2>[^’]*)’ | '(?P<q3>[^']*)' | `(?P<q4>[^`]*)` | 「(?P<q5>[^」]*)」
      ) (?=[\s,，、]|\Z)
    | (?P<plain>[^\s,，、]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYED = re.compile(r"(?P<key>[^\W\d][\w-]*)(?P<sign>=(?!=)|:)(?P<text>.*)", re.DOTALL)
_DASHED = re.compile(r"--(?P<key>[^\W\d][\w-]*)(?:=(?P<text>.*))?", re.DOTALL)


def typed_words(text: str) -> Iterator[TypedWord]:
    """Yield the words of a line."""
    group = 0
    for found in _PIECE.finditer(text):
        if found["comma"]:
            group += 1
        elif found["plain"]:
            yield from _plain_word(found["plain"], group)
        elif not found[0].isspace():
            inside = next(found[it] for it in _QUOTES if found[it] is not None)
            if found["escaped"] is not None:
                inside = re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL)
            sign = unicodedata.normalize("NFKC", found["sign"] or "")
            yield TypedWord(inside, (group,), True, found["key"] or "", sign)  # noqa: FBT003 - quoted


_QUOTES = ("escaped", "q1", "q2", "q3", "q4", "q5")


def _plain_word(typed: str, group: int) -> Iterator[TypedWord]:
    """Yield a word without quotes: its full-width letters narrow, its invisible ones gone."""
    text = unicodedata.normalize("NFKC", typed)
    text = "".join(it for it in text if unicodedata.category(it) != "Cf")
    if found := _DASHED.fullmatch(text):
        yield TypedWord(found["text"] or "", (group,), key=found["key"], sign="--")
    elif found := _KEYED.fullmatch(text):
        yield TypedWord(found["text"], (group,), key=found["key"], sign=found["sign"])
    elif text:
        yield TypedWord(text, (group,))
