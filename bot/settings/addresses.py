"""Addresses, paths, hosts and networks that people get wrong, read like the values of `values`."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from bot.settings.values import each_of, is_snowflake, read_from_text, tell_the_id_in

_Network = IPv4Network | IPv6Network

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_LONGEST_HOST = 253
_SEGMENT = r"(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+"
_PATH = re.compile(rf"(?:/{_SEGMENT})+")
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_HERE = frozenset({"localhost", "127.0.0.1"})
"""Sites of one's own computer, which browsers trust without TLS."""
_LONGEST_PATH = 200
_TAKEN = frozenset({"healthz", "readyz", "metrics"})
"""Pages for operators' machines, which stay where they are."""


def _web_address(value: str) -> str:
    """Read the address of a page that chats link to.

    :raises ValueError: if it is none, saying what to write
    """
    wrong = "is no address of a page. Write it whole, such as https://learn.example.org."
    scheme, mark, rest = value.partition("://")
    host, _ = _host_and_port(value)
    if not mark:
        if not _is_host(host) or re.match(r"[^/]*:(?!\d)", value):
            raise ValueError(wrong)
        raise ValueError(f"has no scheme. Write https://{value}.")
    if not _is_host(host) or not re.fullmatch(r"[^\s<>\"'`\\{}|^]{1,400}", rest):
        raise ValueError(wrong)
    if scheme.casefold() == "http":
        raise ValueError(f"has no TLS, so chats would not link to it. Write https://{rest}.")
    if scheme.casefold() != "https":
        raise ValueError(wrong)
    return value


def _site_address(value: str) -> str:
    """Read the playground's own address, under which its pages are.

    :raises ValueError: if it is none, saying what to write
    """
    found = urlsplit(_web_address(value))
    if found.query or found.fragment or found.username is not None:
        where = found.netloc.rpartition("@")[2]
        raise ValueError(f"is more than an address. Write https://{where}{found.path}.")
    return value.rstrip("/")


def _listen_address(value: str) -> str:
    bare = value.removeprefix("[").removesuffix("]")
    try:
        ip_address(bare.partition("%")[0])
    except ValueError:
        pass
    else:
        return bare
    host, port = _host_and_port(value)
    if _is_host(host) and (port or "://" in value):
        also = f" and TUTOR_WEB_PORT={port}" if port else ""
        raise ValueError(f"is more than an address. Write TUTOR_WEB_HOST={host}{also}.")
    if not value.isascii() or not _is_host(value):
        raise ValueError(
            "is no address of this machine. Write one, such as 127.0.0.1, which this machine alone "
            "reaches, or 0.0.0.0 for all that it has."
        )
    return value.casefold()


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
    if not _is_host(name):
        raise ValueError("is no host's name. Write a name such as learn.example.org.")
    return name.casefold()


def _is_host(name: str) -> bool:
    """Tell whether it can be an address or a host's name; the last part of a name has a letter."""
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        return True
    try:
        sent = name.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    last = sent.rpartition(".")[2]
    return bool(_HOST.fullmatch(sent)) and len(sent) <= _LONGEST_HOST and not last.isdecimal()


def _host_and_port(value: str) -> tuple[str, str]:
    """Return the name and the port that stand in a URL or something like it; "" for none."""
    try:
        found = urlsplit(value if "://" in value else f"//{value}")
        return found.hostname or "", str(found.port or "")
    except ValueError:
        return "", ""


def _network(value: str) -> _Network:
    bare = value.removeprefix("[").removesuffix("]")
    try:
        meant = ip_network(bare, strict=False)
    except ValueError:
        raise ValueError(
            "is no network. Write an address or a network, such as 172.18.0.2 or 172.16.0.0/12; "
            "names, ports and wildcards cannot be used."
        ) from None
    if "/" in bare and str(ip_address(bare.partition("/")[0])) != str(meant.network_address):
        raise ValueError(f"has bits set behind its prefix. Write {meant}.")
    return meant


def _blocked(value: str) -> int | _Network:
    if is_snowflake(value):
        return int(value)
    tell_the_id_in(value)
    if not re.fullmatch(r"[0-9a-fA-F.:/\[\]]*[.:][0-9a-fA-F.:/\[\]]*", value):
        raise ValueError(
            "is neither a user's id nor an address. Write the number that Discord's Copy User ID "
            "gives, such as 123456789012345678, or an address or network, such as 203.0.113.0/24."
        )
    meant = _network(value)
    if meant.prefixlen == 0:
        raise ValueError(
            "is everybody's network. Write those who are meant, such as 203.0.113.0/24, or end the "
            "bot."
        )
    return meant


def _root_path(value: str) -> str:
    path = value
    if "://" in value:
        try:
            path = urlsplit(value).path
        except ValueError:
            path = ""
    meant = "/" + path.strip("/")
    if meant == "/":
        if path == value:
            return ""
        raise ValueError("is an address without a path. Remove it: the host is the playground's.")
    if not _PATH.fullmatch(meant) or len(meant) > _LONGEST_PATH:
        raise ValueError(
            "is no path. Write what stands behind the host's name, in ASCII letters, digits, "
            "dots and dashes, such as /tutor."
        )
    if "://" in value:
        raise ValueError(f"is a whole address. Write its path alone: {meant}.")
    if not value.startswith("/"):
        raise ValueError(f"begins without a slash. Write {meant}.")
    if meant.split("/")[1] in _TAKEN:
        raise ValueError("is where probes and Prometheus ask. Write another path, such as /tutor.")
    return meant


def _origin(value: str) -> str:
    """Read a site as `frame-ancestors` names it: https://www.w3.org/TR/CSP3/#framework-directive-source-list."""
    if value == "*":
        raise ValueError(
            "lets every site show the playground. Write the sites, such as "
            "https://moodle.example.org."
        )
    try:
        found = urlsplit(value if "://" in value else f"https://{value}")
        host, port = found.hostname or "", found.port
    except ValueError:
        host, port, found = "", None, urlsplit("")
    name = host.removeprefix("*.")
    if not _SITE.fullmatch(name) or ("." not in name and name not in _HERE):
        raise ValueError("is no site. Write its address, such as https://moodle.example.org.")
    meant = f"{found.scheme}://{host}" + (f":{port}" if port is not None else "")
    if found.scheme != "https" and not (found.scheme == "http" and name in _HERE):
        raise ValueError(f"is no address with TLS. Write https://{meant.partition('://')[2]}.")
    if meant != value.casefold().rstrip("/"):
        raise ValueError(f"is not a site's address alone. Write {meant}.")
    return meant


RootPath = Annotated[str, read_from_text(_root_path)]
Origins = Annotated[tuple[str, ...], each_of(_origin)]


SiteAddress = Annotated[str, read_from_text(_site_address)]
WebAddress = Annotated[str, read_from_text(_web_address)]
ListenAddress = Annotated[str, read_from_text(_listen_address)]
HostNames = Annotated[tuple[str, ...], each_of(_host_name)]
Networks = Annotated[tuple[_Network, ...], each_of(_network)]
Blocked = Annotated[tuple[int | _Network, ...], each_of(_blocked)]
