"""The grammar: what a typed line means, how a request is spelt, and its address. Pure.

It is the same on every platform and in every language at once: `/run gather`, `run gather`,
`/실행 gather`, with full-width letters or without. Names are parted by blanks or commas; quotes
hold one together: `/compare "create task", gather`. The commands themselves stand in
`bot.tutor.commands`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args
from urllib.parse import quote, unquote

from rapidfuzz import fuzz, process

from bot.languages import Locale
from bot.tutor.command import Asked, Command, folded
from bot.tutor.commands import COMMANDS, command_named, command_of
from bot.tutor.model import Explain, Request, Try
from bot.tutor.typed_words import TypedWord, typed_words

LONGEST_LINE = 1_200
"""Characters of a line that is looked at: five of the longest names, each character escaped."""
LONGEST_NAME = 100
"""Characters of a name. Those of the course are far shorter."""

_NEAR = 60.0
"""The least likeness, of 100, at which a command is worth suggesting."""

_REQUEST_CLASSES = get_args(Request)


@dataclass(frozen=True, slots=True)
class Nothing:
    """A line in which nothing is written."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A line that cannot be followed, and why. `bot.tutor.words.commands` has the sentences."""

    why: Literal["unknown", "missing", "count", "several", "argument", "language", "long"]
    """`unknown`: no command goes by this name. `missing`: the command needs a name. `count`: it
    takes more or fewer of them. `several`: it takes one at a time. `argument`: it takes no such
    argument. `language`: it needs a language. `long`: no command is so long."""
    typed: str = ""
    """The part of the line that it is about. A stranger wrote it."""
    command: Command | None = None
    instead: Asked | None = None
    """What may have been meant, or an example."""


Meaning = Asked | Nothing | Misunderstood


def parse(text: str) -> Meaning:
    """Return what a typed line means. Names are not looked up here.

    A line that does not begin with a command asks for an explanation.
    """
    if (code := _code_after_try(text)) is not None:
        return Try(code)
    words = list(typed_words(text)) if len(text) <= LONGEST_LINE else []
    if not words:
        return Misunderstood("long") if len(text) > LONGEST_LINE else Nothing()
    slashed = words[0].bare and words[0].text.startswith("/")
    if slashed and words[0].text.strip("/") == "" and len(words) > 1:
        words = [replace(words[1], text=f"/{words[1].text}"), *words[2:]]
    head, *rest = words
    if slashed and (asked := _typed_address(text.strip())):
        return asked
    command = command_named(head.text.strip("/")) if head.bare else None
    if command is not None:
        return _asked(command, rest)
    if slashed:
        return _unknown(head.text, rest)
    free = " ".join(text.split())
    return Explain(free) if len(free) <= LONGEST_NAME else Misunderstood("long")


def ask(command: Command, arguments: Iterable[str]) -> Asked | Misunderstood:
    """Return what a command asks with these arguments, each as it was typed by itself.

    Commas part names here, too; blanks do not, as each argument has a place of its own.
    """
    words = [
        replace(word, group=(number, *word.group))
        for number, text in enumerate(arguments)
        for word in typed_words(text[:LONGEST_LINE])
    ]
    return _asked(command, words, by_group=True)


def spell(asked: Asked, locale: Locale) -> str:
    """Return what to type for this in a language: `/run gather`. A guess is no part of it."""
    command = command_of(asked)
    several = command.argument is not None and command.argument.most > 1
    names = (_spelt(name, several=several) for name in command.names_in(asked))
    return " ".join((f"/{command.name.text(locale)}", *names))


def address(request: Request) -> str:
    """Return the path of a page that asks this: `/run/gather`, `/compare/sync,gather`.

    Lone surrogates have no place in one: they become question marks.
    """
    command = command_of(request)
    names = ",".join(quote(name, safe="", errors="replace") for name in command.names_in(request))
    return f"/{command.id}/{names}" if names else f"/{command.id}"


def from_address(path: str) -> Request | None:
    """Return what an address asks, or None if it asks nothing. Names are not looked up here."""
    if len(path) > LONGEST_LINE * 9:  # a Hangul syllable is nine characters when quoted
        return None
    word, _, rest = path.strip("/").partition("/")
    command = command_named(unquote(word))
    if command is None:
        return None
    several = command.argument is not None and command.argument.most > 1
    names = [unquote(name) for name in (rest.split(",") if several else [rest])]
    names = [name for name in names if name.strip()]
    asked = command.request_with(names) if all(len(it) <= LONGEST_NAME for it in names) else None
    return asked if isinstance(asked, _REQUEST_CLASSES) else None


_TRY = re.compile(r"\s*/\s*(?P<name>\w{1,20})[ \t]*(?P<code>\S.*|\n.*\S.*)", re.DOTALL)
_IS_CODE = re.compile(r"[\n(=;]|```|~~~|>>>")
_IS_NAME = re.compile(r'"(?:[^"\\]|\\.)*"\s*', re.DOTALL)
"""A string alone does nothing as code: it is how a name with signs in it is spelt."""


def _code_after_try(text: str) -> str | None:
    """Return the code that follows `/try` in the same message; None where none does.

    No address and no spelling holds it.

    It is not cut into words. One word after it names the scenario whose code is to be changed.
    """
    found = _TRY.match(text)
    code = found["code"] if found else ""
    if found is None or not _IS_CODE.search(code) or _IS_NAME.fullmatch(code):
        return None
    command = command_named(found["name"])
    return code if command is not None and command.asks is Try else None


def _typed_address(text: str) -> Request | None:
    """Return what an address asks that was copied from a page."""
    looks_so = "/" in text.strip("/") and len(text.split()) == 1
    return from_address(text) if looks_so else None


def _asked(
    command: Command, words: Sequence[TypedWord], *, by_group: bool = False
) -> Asked | Misunderstood:
    """Return what a command asks with these words after it.

    :param by_group: what stands between two commas is one name
    """
    foreign = [word for word in words if _is_foreign(command, word)]
    if foreign:
        rest = [word for word in words if word not in foreign]
        return Misunderstood("argument", foreign[0].key, command, _or_example(command, rest))
    names = _names(command, words, by_group=by_group)
    if any(len(name) > LONGEST_NAME for name in names):
        return Misunderstood("long")
    asked = command.request_with(names)
    return asked if asked is not None else _ill_named(command, names)


def _is_foreign(command: Command, word: TypedWord) -> bool:
    """Tell whether a word gives an argument that the command does not have."""
    # `asyncio:run` may well be a name.
    return word.sign in {"=", "--"} and not _is_argument(command, word.key)


def _is_argument(command: Command, key: str) -> bool:
    """Tell whether an argument of the command is called so, in any language."""
    names = command.argument.names if command.argument else ()
    return folded(key) in {folded(it) for name in names for it in name.texts()}


def _names(command: Command, words: Iterable[TypedWord], *, by_group: bool) -> list[str]:
    """Return the names that the words make: one each, or all between two commas together."""
    if command.argument is None:
        return []
    groups: dict[object, list[str]] = {}
    for number, word in enumerate(words):
        text = word.text
        if word.sign == ":" and not _is_argument(command, word.key):
            text = f"{word.key}:{text}"
        key = word.group if by_group or command.argument.most == 1 else number
        groups.setdefault(key, []).append(text)
    joined = (" ".join(filter(None, texts)) for texts in groups.values())
    return [name for name in joined if name.strip()]


def _ill_named(command: Command, names: list[str]) -> Misunderstood:
    """Return why a command cannot be given these names."""
    assert command.argument is not None
    example = command.examples[0]
    if command.argument.kind == "language":
        return Misunderstood("language", " ".join(names), command, example)
    if not names:
        return Misunderstood("missing", "", command, example)
    if command.argument.most > 1:
        return Misunderstood("count", str(len(names)), command, example)
    beside = command_named("compare")
    assert beside is not None
    together = beside.request_with(names) if command.argument.kind == "scenario" else None
    return Misunderstood("several", "", command, together or command.request_with(names[:1]))


def _or_example(command: Command, words: Sequence[TypedWord]) -> Asked:
    """Return what a command asks with these words, or else an example of it."""
    asked = _asked(command, [word for word in words if not _is_foreign(command, word)])
    return command.examples[0] if isinstance(asked, Misunderstood) else asked


def _unknown(typed: str, rest: Sequence[TypedWord]) -> Misunderstood:
    """Return the command that comes nearest, with the names that were typed."""
    known = {_letters(name): command for command in COMMANDS for name in command.names}
    found = process.extractOne(
        _letters(typed.strip("/")), known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR
    )
    instead = _or_example(known[found[0]], rest) if found else None
    return Misunderstood("unknown", typed, None, instead)


def _letters(name: str) -> str:
    """Return a name with its syllables as their letters, so that one typing mistake is one."""
    return unicodedata.normalize("NFD", folded(name))


_UNQUOTED = re.compile(r"\w[\w.()-]*")


def _spelt(name: str, *, several: bool) -> str:
    """Return a name as it is typed: in quotes where the grammar would read it otherwise."""
    words = [name] if several else name.split(" ")
    if unicodedata.is_normalized("NFKC", name) and all(map(_UNQUOTED.fullmatch, words)):
        return name
    escaped = re.sub(r'(["\\])', r"\\\1", name)
    return f'"{escaped}"'


def same_but(request: Request, wrong: str, right: str) -> Request:
    """Return a request with one of its names replaced, and all else as it was."""
    command = command_of(request)
    names = [right if name == wrong else name for name in command.names_in(request)]
    changed: Any = request
    renamed: Request = replace(changed, **command.held(names))
    return renamed
