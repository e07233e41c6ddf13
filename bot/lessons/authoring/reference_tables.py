"""Every field of a lesson, as Markdown tables made from the JSON Schema: the authors' reference."""

from collections.abc import Iterator
from typing import Any

from bot.errors import LessonError
from bot.languages import LOCALES, Locale
from bot.lessons import expectation, text
from bot.lessons.authoring.schema import lesson_schema
from bot.lessons.files.field_words import MEANINGS_KO, WORDS

_BEGIN = "<!-- The fields: made by `tutor lessons schema --markdown`. -->\n"
_END = "<!-- The end of the fields. -->\n"
_ROOT = "Lesson"
_LIKE = {"VersionCase": "Expectation"}
"""Parts that have another part's fields, too; those are not told twice."""
_REFERENCE = "#/definitions/"
_PATTERNS = {
    text.NAME_PATTERN: "id",
    text.URL_PATTERN: "url",
    text.RELEASE_PATTERN: "release",
    expectation.RELEASES_PATTERN: "releases",
    expectation.CLASS_PATTERN: "class",
}
"""What a text that must fit one of these patterns is called in `WORDS`."""


def tables(locale: Locale) -> str:
    """Return the reference: a heading and a table for each part of a lesson."""
    return "\n".join(_Reference(locale).sections())


def renewed(page: str, locale: Locale) -> str:
    """Return a Markdown page with its reference tables replaced.

    :raises LessonError: if the page does not say where the reference stands
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise LessonError(
            f"The page has no place for the fields. Write these two lines into it:\n{_BEGIN}{_END}"
        )
    return f"{before}{begin}\n{tables(locale)}\n{end}{after}"


class _Reference:
    """Makes the tables in one language."""

    def __init__(self, locale: Locale) -> None:
        self._words = {name: ko if locale == "ko" else en for name, (en, ko) in WORDS.items()}
        self._meanings = MEANINGS_KO if locale == "ko" else {}
        made = lesson_schema()
        self._parts: dict[str, Any] = {_ROOT: made, **made["definitions"]}

    def sections(self) -> Iterator[str]:
        """Yield each part's section, in the order in which one meets them from the lesson on."""
        told: list[str] = []
        ahead = [_ROOT]
        while ahead:
            name = ahead.pop(0)
            if name in told or "properties" not in self._parts[name]:
                continue
            told.append(name)
            yield self._section(name)
            # What stands inside a part comes before what stands beside it.
            ahead = [*_references(self._parts[name]["properties"]), *ahead]

    def _section(self, name: str) -> str:
        part = self._parts[name]
        like = _LIKE.get(name, "")
        known = self._parts[like]["properties"] if like else {}
        meaning = self._meanings.get(name, part["description"])
        rows = [f"### {name}", "", meaning, ""]
        rows += [
            f"| {' | '.join(self._words['columns'].split('|'))} |",
            "| --- | --- | --- | --- |",
        ]
        for field, schema in part["properties"].items():
            if schema == known.get(field):
                continue
            needed = self._needed(schema, required=field in part.get("required", ()))
            what = self._meanings.get(f"{name}.{field}", schema["description"])
            rows.append(f"| `{field}` | {self._value(schema)} | {needed} | {_cell(what)} |")
        if like:
            rows += ["", self._words["like"].format(_link(like))]
        return "\n".join([*rows, ""])

    def _needed(self, schema: dict[str, Any], *, required: bool) -> str:
        """Say what goes without the field: nothing, or its default."""
        if required:
            return f"**{self._words['required']}**"
        default = schema.get("default")
        if default in (None, []) or isinstance(default, dict):
            return self._words["optional"]
        shown = str(default).lower() if isinstance(default, bool) else default
        return f"{self._words['optional']}: `{shown}`"

    def _value(self, schema: dict[str, Any]) -> str:  # noqa: PLR0911 - a phrase for each kind
        """Say what stands in a field."""
        words = self._words
        if choices := schema.get("anyOf", schema.get("oneOf")):
            real = [it for it in choices if it.get("type") != "null"]
            return words["or"].join(map(self._value, real))
        if "allOf" in schema:
            return self._value(schema["allOf"][0]) + self._longest(schema["allOf"][1:])
        if "$ref" in schema:
            return self._referred(schema["$ref"].removeprefix(_REFERENCE))
        if "patternProperties" in schema:
            (value,) = schema["patternProperties"].values()
            return words["mapping"].format(self._value(value))
        if "propertyNames" in schema:
            return words["by_language"].format(self._value(schema["additionalProperties"]))
        match schema["type"]:
            case "array":
                return words["list"].format(self._value(schema["items"])) + self._size(schema)
            case "string":
                return words[_PATTERNS.get(schema.get("pattern", ""), "text")] + self._size(schema)
            case "boolean":
                return words["boolean"]
            case kind:
                return words[kind] + self._bounds(schema)

    def _referred(self, name: str) -> str:
        part = self._parts[name]
        if "enum" in part:
            return ", ".join(f"`{value}`" for value in part["enum"])
        return _link(name)

    def _longest(self, others: list[dict[str, Any]]) -> str:
        """Say how long each language's text may be."""
        for other in others:
            lengths = {other["properties"][locale]["maxLength"] for locale in LOCALES}
            return self._said("characters", max(lengths))
        return ""

    def _size(self, schema: dict[str, Any]) -> str:
        """Say how many items or characters there may be."""
        if most := schema.get("maxLength"):
            return self._said("characters", most)
        least, most = schema.get("minItems"), schema.get("maxItems")
        if least and most:
            return self._said("items_to", least, most)
        if most:
            return self._said("most_items", most)
        return self._said("least_items", least) if least else ""

    def _bounds(self, schema: dict[str, Any]) -> str:
        """Say between what a number may lie."""
        least, most = schema.get("minimum"), schema.get("maximum")
        if most is None:
            return self._said("at_least", least)
        if least is None:
            return self._said("above_to", schema["exclusiveMinimum"], most)
        return self._said("from_to", least, most)

    def _said(self, what: str, *numbers: Any) -> str:
        """Return a restriction in parentheses."""
        return f" ({self._words[what].format(*(f'{number:,}' for number in numbers))})"


def _references(schema: Any) -> Iterator[str]:
    """Yield the names of the parts that a schema refers to, in order."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(_REFERENCE)
        for below in schema.values():
            yield from _references(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from _references(below)


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _cell(words: str) -> str:
    """Return a text that can stand in a table: no line breaks, no bars."""
    return " ".join(words.split()).replace("|", "\\|")
