"""What all parts of a lesson share: names, and texts in each language."""

from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bot.languages import LOCALES, Locale, locales
from bot.lessons.field_docs import field_docs

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
TEXT_PATTERN = r"\S"
URL_PATTERN = r"^https://[^\s<>\"')]+$"
RELEASE_PATTERN = r"^3\.\d{1,2}$"

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""An id: lower-case letters, digits and underscores, at most 32, starting with a letter."""


class LessonPart(BaseModel):
    """Base of all parts of a lesson: immutable, and no field may be unknown.

    The string below a field says what the field is for: `field_docs` reads it.
    """

    # Built with the first lesson that is read: most commands read some, but none before it runs.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = handler(schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, text in field_docs(cls).items():
            if name in properties:
                properties[name]["description"] = text
        return made


def _known(locale: str) -> str:
    if locale not in locales():
        raise PydanticCustomError("language_unknown", "no language {locale}", {"locale": locale})
    return locale


LanguageCode = Annotated[
    Locale,
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "minLength": 2, "maxLength": 3}),
]
"""The code of a language that the tutor speaks."""

_Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN)]


class Localized(LessonPart):
    """One text in each language of the lesson. Markdown where the field says so.

    Further languages than these two are those of the files in `bot/languages`.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra={"minProperties": 1})
    __pydantic_extra__: dict[str, _Text]

    ko: _Text = ""
    """Korean, in the polite style (~합니다). Left out only where the whole lesson has none."""
    en: _Text = ""
    """English. Left out only where the whole lesson has none."""

    def text(self, locale: Locale) -> str:
        """Return the text in `locale`, or in another language where there is none in that."""
        return self.given(self.shown_in(locale))

    def shown_in(self, locale: Locale) -> Locale:
        """Return the language of what `text` returns."""
        return next(it for it in (locale, "en", "ko", *self._further) if self.given(it))

    def given(self, locale: Locale) -> str:
        """Return the text in `locale`; "" where there is none."""
        if locale in LOCALES:
            return self.ko if locale == "ko" else self.en
        return self._further.get(locale, "")

    @property
    def _further(self) -> dict[str, str]:
        return self.__pydantic_extra__

    @property
    def languages(self) -> tuple[Locale, ...]:
        """The languages in which it is given."""
        return tuple(locale for locale in (*LOCALES, *self._further) if self.given(locale))

    @model_validator(mode="after")
    def _is_given(self) -> Self:
        for locale in self._further:
            _known(locale)
        if not self.languages:
            raise PydanticCustomError("text_missing", "a text in no language at all")
        return self


@dataclass(frozen=True, slots=True)
class AtMost:
    """Annotates a `Localized` whose texts have at most `limit` characters each.

    Editors learn the limit from the schema.
    """

    limit: int
    one_line: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        short = {"type": "string", "maxLength": self.limit}
        every = {"properties": dict.fromkeys(LOCALES, short), "additionalProperties": short}
        return {"allOf": [handler(schema), {"type": "object", **every}]}

    def _check(self, value: Localized) -> Localized:
        for locale in value.languages:
            text = value.given(locale)
            known = {"locale": locale, "limit": self.limit, "found": len(text)}
            if len(text) > self.limit:
                raise PydanticCustomError(
                    "text_too_long", "{locale}: {found} characters; at most {limit} fit", known
                )
            if self.one_line and "\n" in text.strip():
                raise PydanticCustomError("text_lines", "{locale}: must be a single line", known)
        return value


Title = Annotated[Localized, AtMost(80, one_line=True)]
Sentence = Annotated[Localized, AtMost(300, one_line=True)]
Paragraphs = Annotated[Localized, AtMost(2_500)]
Alias = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
PythonVersion = Annotated[str, StringConstraints(pattern=RELEASE_PATTERN)]
