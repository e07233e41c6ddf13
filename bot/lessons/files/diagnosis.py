"""A lesson that does not fit the models: each error in an author's words, at its place."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.languages import locales
from bot.lessons import expectation, text
from bot.lessons.files.composer import NULL, STR, kind
from bot.lessons.files.document import Document
from bot.lessons.files.errors import MAX_PROBLEMS, Problem, did_you_mean, nearest, quoted
from bot.lessons.files.model_paths import TAGS, description_at, fields_at, is_required_at, parts_at
from bot.lessons.model import Localized
from bot.runner.model import Outcome

_PATTERNS = {
    text.NAME_PATTERN: "lower-case letters, digits and underscores, at most 32, a letter first",
    text.TEXT_PATTERN: "a text that is not blank",
    text.URL_PATTERN: "an https:// address without spaces, quotes or brackets",
    text.RELEASE_PATTERN: 'a Python release such as "3.11"',
    expectation.RELEASES_PATTERN: 'a comparison with a Python release, such as "<3.12" or ">=3.13"',
    expectation.CLASS_PATTERN: "the name of an exception's class, such as ValueError",
}
_PATTERN_HINTS = {
    text.TEXT_PATTERN: "Write the text, or leave the field out.",
    text.RELEASE_PATTERN: "Name the release by its first two numbers, in quotes.",
    expectation.RELEASES_PATTERN: "Name the release by its first two numbers, in quotes.",
}
_FIELDS = "fields (key: value)"
_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "union_tag_not_found": "a line of text, {matches: …} or {any_order: […]}",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
}


def problems_of(error: ValidationError, document: Document) -> list[Problem]:
    """Return every problem of a validation, in the order in which they stand in the file.

    One slip is one problem: a misspelt field is not reported as missing, too.
    """
    details = error.errors(include_url=False)[:MAX_PROBLEMS]
    misspelt = {
        (detail["loc"][:-1], nearest(str(detail["loc"][-1]), fields_at(detail["loc"][:-1])))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    strange = {place for place, _ in misspelt if place and place[-1] in TAGS}

    def follows(detail: ErrorDetails) -> bool:
        """Tell whether an error is there only because of another one."""
        around, last = detail["loc"][:-1], detail["loc"][-1:]
        if detail["type"] == "missing":
            return around in strange or (around, *last) in misspelt
        if detail["type"] == "too_short":  # items that are wrong do not count there
            return bool(len(detail["input"]) >= detail["ctx"]["min_length"])
        return False

    found = [_Fault(detail, document).problem() for detail in details if not follows(detail)]
    return sorted(found, key=lambda it: (it.line, it.column))


class _Fault:
    """One error of the models, to be put into words."""

    def __init__(self, detail: ErrorDetails, document: Document) -> None:
        self._kind = detail["type"]
        self._context = detail.get("ctx", {})
        self._input = str(detail["input"])
        self._said = detail["msg"]
        self._raw = detail["loc"]
        self._loc = tuple(step for step in self._raw if step not in TAGS)
        self._document = document
        self._node = document.node(self._loc)

    def problem(self) -> Problem:
        """Put it into words."""
        return self._by_kind().get(self._kind, self._other)()

    def _by_kind(self) -> Mapping[str, Callable[[], Problem]]:
        return {
            "missing": self._missing,
            "extra_forbidden": self._unknown_field,
            "enum": self._choice,
            "text_too_long": self._text_too_long,
            "text_lines": self._text_lines,
            "text_missing": self._text_missing,
            "language_unknown": self._language_unknown,
            "string_pattern_mismatch": self._form,
            **dict.fromkeys(_TYPES, self._type),
            **dict.fromkeys(_BOUNDS, self._bound),
            **dict.fromkeys(("string_too_long", "too_long"), self._too_long),
            **dict.fromkeys(("string_too_short", "too_short"), self._too_short),
        }

    @property
    def _found(self) -> str:
        return f"found {kind(self._node)}"

    def _say(self, what: str, accepted: str, hint: str, *, key: bool = False) -> Problem:
        return self._document.problem(self._loc, what, accepted, hint, key=key)

    def _other(self) -> Problem:
        return self._say(f"{self._found}: {self._said}", "", "Change the value.")

    def _missing(self) -> Problem:
        """Name a field that must be there; the place is that of its surroundings."""
        name = str(self._loc[-1])
        about = description_at(self._raw)
        hint = f"Add `{name}: …` here." + (f" {about}" if about else "")
        known = ", ".join(fields_at(self._raw[:-1]))
        return self._say(f"the field {quoted(name)} is missing", known, hint)

    def _unknown_field(self) -> Problem:
        known = fields_at(self._raw[:-1])
        name = str(self._loc[-1])
        hint = did_you_mean(name, known) or "Remove it, or check the indentation."
        what = f"there is no field {quoted(name)} here"
        return self._say(what, ", ".join(known), hint, key=True)

    def _choice(self) -> Problem:
        known = [outcome.value for outcome in Outcome]
        hint = did_you_mean(self._input, known) or "Choose one of these."
        return self._say(self._found, ", ".join(known), hint)

    def _text_too_long(self) -> Problem:
        self._loc = (*self._loc, self._context["locale"])
        found, limit = self._context["found"], self._context["limit"]
        return self._say(f"found {found} characters", f"at most {limit}", "Shorten the text.")

    def _text_missing(self) -> Problem:
        hint = "Write `ko: …` and `en: …` below it."
        return self._say("there is no text in any language", "fields: ko, en", hint)

    def _language_unknown(self) -> Problem:
        named, known = self._context["locale"], locales()
        if self._loc[-1:] != (named,):
            self._loc = (*self._loc, named)
        what = f"there is no language {quoted(named)} here"
        further = f"Add bot/languages/{named}.yaml first, or remove it."
        hint = did_you_mean(named, known) or further
        return self._say(what, ", ".join(known), hint, key=True)

    def _text_lines(self) -> Problem:
        self._loc = (*self._loc, self._context["locale"])
        return self._say("found several lines", "a single line", "Fold it with `>-`.")

    def _form(self) -> Problem:
        """Say which form a text must have."""
        pattern = self._context["pattern"]
        is_key = self._raw[-1] == "[key]"
        what = f"found the name {quoted(str(self._loc[-1]))}" if is_key else self._found
        hint = _PATTERN_HINTS.get(pattern, "Write only the name.")
        if pattern == text.URL_PATTERN:
            hint = _url_hint(self._input)
        if pattern == text.NAME_PATTERN:
            plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in self._input)
            plain = plain.lower().strip("_")[:32]
            letter = plain[:1].isalpha()
            hint = f"Write {plain}." if letter else "Begin it with a letter from a to z."
        return self._say(what, _PATTERNS[pattern], hint, key=is_key)

    def _bound(self) -> Problem:
        key, words = _BOUNDS[self._kind]
        return self._say(self._found, f"{words} {self._context[key]}", "Change the number.")

    def _too_long(self) -> Problem:
        most = self._amount(self._context["max_length"])
        return self._say(f"found {self._amount(self._size)}", f"at most {most}", "Shorten it.")

    def _too_short(self) -> Problem:
        least = self._amount(self._context["min_length"])
        what = f"found {self._amount(self._size)}"
        return self._say(what, f"at least {least}", "Add what is missing.")

    @property
    def _size(self) -> int:
        return len(self._node.value)

    def _amount(self, count: int) -> str:
        unit = "character" if self._kind.startswith("string") else "item"
        return f"{count} {unit}" + ("" if count == 1 else "s")

    def _type(self) -> Problem:
        """Say what a value's type must be, and how that is written."""
        accepted = _TYPES[self._kind]
        if accepted == _FIELDS and (known := fields_at(self._raw)):
            accepted = f"fields: {', '.join(known)}"
        hint = self._scalar_hint() if isinstance(self._node, ScalarNode) else self._nested_hint()
        return self._say(self._found, accepted, hint)

    def _scalar_hint(self) -> str:
        """Say how to write a scalar as the right type."""
        found = quoted(self._node.value)
        if self._node.tag == NULL:
            if is_required_at(self._raw):
                return "Write the value: nothing goes without it."
            return "Write the value, or leave the field out."
        if Localized in parts_at(self._raw):
            return "Write `ko: …` and `en: …` below it."
        hints = {
            "text": f"Put it into quotes: {found}.",
            "a list": f"Write [{self._node.value[:40]}].",
            "true or false": "Write true or false, without quotes.",
            _FIELDS: "Write each field on a line of its own below it, indented.",
        }
        number = "Write it without quotes or units." if self._node.tag == STR else "Write it so."
        return hints.get(_TYPES[self._kind], number)

    def _nested_hint(self) -> str:
        """Say what to write in place of a list or of fields."""
        if _TYPES[self._kind] == "a list" and isinstance(self._node, MappingNode):
            return "Begin each item with `- `."
        if isinstance(self._node, SequenceNode) and len(self._node.value) == 1:
            return "Write the one item without `- ` or brackets."
        return "Check the indentation."


def _url_hint(url: str) -> str:
    """Say what keeps an address from being one."""
    if not url.startswith("https://"):
        return "Begin it with https://."
    found = re.search(r"[\s<>\"')]", url[len("https://") :])
    if found is None:
        return "Write the whole address."
    character = found[0]
    name = "a blank" if character == " " else f"the character {quoted(character)}"
    return f"There is {name} in it: write {quote(character)} instead, or remove it."
