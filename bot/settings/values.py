"""Values that people get wrong: each is read with a sentence that says what to write instead.

Each validator raises ValueError with two sentences: what is wrong, and what to write.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr

from bot.languages import Locale, locales

_Network = IPv4Network | IPv6Network
_One = TypeVar("_One")

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_LONGEST_HOST = 253
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
    if text.lower().startswith(("bot ", "bearer ")):
        raise ValueError(f"begins with the word Bot. {_COPY} without it.")
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


def _server_id(value: Any) -> Any:
    if isinstance(value, str) and not is_snowflake(value):
        raise ValueError(
            "is no server's id. Write the number that Discord's Copy Server ID gives "
            "(Settings, Advanced, Developer Mode; then right-click on the server), "
            "such as 123456789012345678."
        )
    return value


def _snowflake(value: str) -> int:
    if not is_snowflake(value):
        raise ValueError(
            "is no id of Discord's. Write the number that Copy Server ID or Copy Channel ID gives "
            "(Settings, Advanced, Developer Mode; then right-click on it), such as "
            "123456789012345678."
        )
    return int(value)


def _web_address(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"https://[^\s/]+\S{0,400}", value):
        raise ValueError(
            "is no address of a page. Write it whole, such as https://example.org/feedback."
        )
    return value


def _site_address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    wrong = "is no address of a page. Write it whole, such as https://learn.example.org."
    host, _ = _host_and_port(value)
    try:
        found = urlsplit(value)
    except ValueError:
        raise ValueError(wrong) from None
    if host and found.scheme not in {"https", "http"}:
        raise ValueError(f"has no scheme. Write https://{value}.")
    if not host or not re.fullmatch(r"\S{1,400}", value):
        raise ValueError(wrong)
    if found.scheme == "http":
        raise ValueError(f"has no TLS, so chats would not link to it. Write https{value[4:]}.")
    if found.query or found.fragment or found.username is not None:
        raise ValueError(f"is more than an address. Write https://{host}{found.path}.")
    return value.rstrip("/")


def _listen_address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    bare = value.removeprefix("[").removesuffix("]")
    try:
        ip_address(bare.partition("%")[0])
    except ValueError:
        pass
    else:
        return bare
    host, port = _host_and_port(value)
    if host and host != value.casefold():
        also = f" and TUTOR_WEB_PORT={port}" if port else ""
        raise ValueError(f"is more than an address. Write TUTOR_WEB_HOST={host}{also}.")
    return _checked_host(value)


def _host_name(value: str) -> str:
    if "*" in value:
        raise ValueError("has a wildcard. Write each name out, as in learn.example.org.")
    bare = value.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    host, _ = _host_and_port(value)
    if host and host != value.casefold():
        raise ValueError(f"is more than a name. Write {host}, without scheme, port and path.")
    return _checked_host(value)


def _checked_host(value: str) -> str:
    """Return a host's name as browsers send it."""
    name = value.rstrip(".")
    if not name.isascii():
        try:
            sent = name.encode("idna").decode("ascii")
        except UnicodeError:
            sent = ""
        remedy = f"Write {sent}." if sent else "Write a name such as learn.example.org."
        raise ValueError(f"is not spelt as browsers send it. {remedy}")
    if not _HOST.fullmatch(name) or len(name) > _LONGEST_HOST:
        raise ValueError("is no host's name. Write a name such as learn.example.org.")
    return name.casefold()


def _host_and_port(value: str) -> tuple[str, str]:
    """Return the name and the port that stand in a URL or something like it; "" for none."""
    try:
        found = urlsplit(value if "://" in value else f"//{value}")
        return found.hostname or "", str(found.port or "")
    except ValueError:
        return "", ""


def _network(value: str) -> _Network:
    try:
        meant = ip_network(value, strict=False)
    except ValueError:
        raise ValueError(
            "is no network. Write an address or a network, such as 172.18.0.2 or 172.16.0.0/12; "
            "names, ports and wildcards cannot be used."
        ) from None
    if "/" in value and str(ip_address(value.partition("/")[0])) != str(meant.network_address):
        raise ValueError(f"has bits set behind its prefix. Write {meant}.")
    return meant


def _blocked(value: str) -> int | _Network:
    if is_snowflake(value):
        return int(value)
    if not re.search(r"[.:]", value):
        raise ValueError(
            "is neither a user's id nor an address. Write the number that Discord's Copy User ID "
            "gives, such as 123456789012345678, or an address or network, such as 203.0.113.0/24."
        )
    return _network(value)


def _folder(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("~"):
        meant = Path(value).expanduser()
        raise ValueError(f"begins with ~, which only shells know. Write {meant}.")
    return value


def each_of(read: Callable[[str], _One]) -> Callable[[Any], Any]:
    """Return a validator of a list that is written with commas; errors name the entry."""

    def read_all(value: Any) -> Any:
        if not isinstance(value, str):
            return value
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

    return read_all


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


SpokenLanguage = Annotated[Locale, BeforeValidator(_language)]
DiscordToken = Annotated[SecretStr, BeforeValidator(_token)]
ServerId = Annotated[int, BeforeValidator(_server_id)]
Snowflakes = Annotated[tuple[int, ...], BeforeValidator(each_of(_snowflake))]
SiteAddress = Annotated[str, BeforeValidator(_site_address)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
ListenAddress = Annotated[str, BeforeValidator(_listen_address)]
HostNames = Annotated[tuple[str, ...], BeforeValidator(each_of(_host_name))]
Networks = Annotated[tuple[_Network, ...], BeforeValidator(each_of(_network))]
Blocked = Annotated[tuple[int | _Network, ...], BeforeValidator(each_of(_blocked))]
Folder = Annotated[Path, BeforeValidator(_folder)]
Folders = Annotated[tuple[Path, ...], BeforeValidator(each_of(lambda it: Path(_folder(it))))]
