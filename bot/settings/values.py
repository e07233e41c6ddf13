"""Values that people get wrong: each is read with a sentence that says what to write instead.

Each validator raises ValueError with two sentences: what is wrong, and what to write.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, SecretStr

from bot.languages import Locale, locales

_One = TypeVar("_One")

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")
_SNOWFLAKE_DIGITS = range(15, 21)
_COPY = "Copy it from https://discord.com/developers (your application, Bot, Reset Token)"


def application_of(token: str) -> str:
    """Return the application's id, which a token's first part holds in base64; "" if not."""
    first = token.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def is_snowflake(text: str) -> bool:
    """Tell whether this can be one of Discord's ids."""
    return text.isascii() and text.isdecimal() and len(text) in _SNOWFLAKE_DIGITS


def _token(value: Any) -> Any:
    """Refuse what cannot be a bot's token. Whether Discord takes it, only Discord knows."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    first, *others = text.split(maxsplit=1)
    if others and first.lower() in {"bot", "bearer"}:
        raise ValueError(f"begins with the word {first.capitalize()}. {_COPY} without it.")
    if re.search(r"\s", text):
        raise ValueError(f"has blanks in it, as no token has. {_COPY} as it is.")
    if is_snowflake(text):
        raise ValueError(f"is an id. Write the bot's token: {_lower(_COPY)}.")
    if _HEXADECIMAL.fullmatch(text):
        raise ValueError(
            f"is the application's public key. Write the bot's token: {_lower(_COPY)}."
        )
    if not _TOKEN.fullmatch(text):
        raise ValueError(
            "has not the three parts between dots that a bot's token has. "
            f"{_COPY}, not the client secret."
        )
    if not is_snowflake(application_of(text)):
        raise ValueError(
            "has a first part that names no application. "
            f"{_COPY} as a whole, not the client secret."
        )
    return value


def _language(value: Any) -> Any:
    if value not in locales():
        raise ValueError(f"is no language that the tutor speaks. Write {_listed()}.")
    return value


def _listed() -> str:
    *others, last = locales()
    return f"{', '.join(others)} or {last}"


def _server_id(value: str) -> str:
    if not is_snowflake(value):
        if len(re.findall(r"\d{15,20}", value)) > 1:
            raise ValueError(
                "is more than one id. Write one, where the commands are tried; the servers in "
                "which the bot answers are TUTOR_DISCORD_SERVERS."
            )
        tell_the_id_in(value)
        raise ValueError(
            "is no server's id. Write the number that Discord's Copy Server ID gives "
            "(Settings, Advanced, Developer Mode; then right-click on the server), "
            "such as 123456789012345678."
        )
    return value


def tell_the_id_in(value: str) -> None:
    """Say which id stands in a mention or a link, if one does.

    :raises ValueError: saying it
    """
    found = re.findall(r"(?<![0-9])[0-9]{15,20}(?![0-9])", value)
    if len(found) == 1:
        raise ValueError(f"is more than an id. Write {found[0]}.")


def _snowflake(value: str) -> int:
    if not is_snowflake(value):
        tell_the_id_in(value)
        raise ValueError(
            "is no id of Discord's. Write the number that Copy Server ID or Copy Channel ID gives "
            "(Settings, Advanced, Developer Mode; then right-click on it), such as "
            "123456789012345678."
        )
    return int(value)


def _folder(value: str) -> str:
    if value.startswith("~"):
        meant = Path(value).expanduser()
        raise ValueError(f"begins with ~, which only shells know. Write {meant}.")
    return value


def read_from_text(read: Callable[[str], Any]) -> BeforeValidator:
    """Return a validator of what is written as text; a default stays as it is."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def each_of(read: Callable[[str], _One]) -> BeforeValidator:
    """Return a validator of a list that is written with commas; errors name the entry."""

    def read_all(value: str) -> tuple[_One, ...]:
        parts: Sequence[str] = [part.strip() for part in value.split(",") if part.strip()]
        if len(parts) == 1 and len(value.split()) > 1:
            raise ValueError(f"has blanks between its entries. Write {','.join(value.split())}.")
        found = []
        for part in parts:
            try:
                found.append(read(part))
            except ValueError as error:
                here = f"its entry {part[:60]!r} " if len(parts) > 1 else ""
                raise ValueError(f"{here}{error}") from None
        return tuple(found)

    return read_from_text(read_all)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


SpokenLanguage = Annotated[Locale, BeforeValidator(_language)]
DiscordToken = Annotated[SecretStr, BeforeValidator(_token)]
ServerId = Annotated[int, read_from_text(_server_id)]
Snowflakes = Annotated[tuple[int, ...], each_of(_snowflake)]
Folder = Annotated[Path, read_from_text(_folder)]
Folders = Annotated[tuple[Path, ...], each_of(lambda it: Path(_folder(it)))]
