"""Who asks: an address to limit, a learner's key, a language and a theme."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

from bot.languages import Locale, locales

Network = IPv4Network | IPv6Network

LEARNER_COOKIE = "learner"
LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600

_LEARNER = re.compile(r"[A-Za-z0-9_-]{22}")
_PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent one request."""

    address: str
    """What limits count by: an IPv4 address, or an IPv6 network of 64 bits."""
    cookie: str
    """The learner's random name; made up now if the browser sent none."""
    known: bool
    """Whether the browser sent that name itself."""
    locale: Locale
    secure: bool
    """Whether the browser came by TLS; cookies then stay with it."""
    blocked: bool
    """Whether the operator wants it to get no answer."""
    theme: str
    """Either "light" or "dark", or "" to follow the system."""

    @property
    def learner(self) -> str:
        """The key by which the tutor tells learners apart.

        A client that keeps no cookies is known by its address, or it would be a new learner with
        every request.
        """
        return f"web:{self.cookie}" if self.known else f"web:{self.address}"


def visitor(
    request: web.Request, proxies: Sequence[Network], blocked: Sequence[Network] = ()
) -> Visitor:
    """Tell who sent `request`. Cookies and headers are checked for shape, never trusted."""
    cookie = request.cookies.get(LEARNER_COOKIE, "")
    known = _LEARNER.fullmatch(cookie) is not None
    theme = request.cookies.get(THEME_COOKIE, "")
    hop = _last_hop(request, proxies)
    return Visitor(
        address=_key(hop),
        cookie=cookie if known else secrets.token_urlsafe(16),
        known=known,
        locale=locale(request),
        secure=_by_tls(request),
        blocked=within(hop, blocked),
        theme=theme if theme in {"light", "dark"} else "",
    )


def _last_hop(request: web.BaseRequest, proxies: Sequence[Network]) -> str:
    """Return the address of the last one on the way who is no trusted proxy.

    `X-Forwarded-For` counts only as far as trusted proxies wrote it: from the right, the first
    entry that is none of them.
    """
    hops = [request.remote or ""]
    if within(hops[0], proxies):
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        hops += [hop.strip() for hop in reversed(forwarded.split(",")) if hop.strip()][:16]
    last = hops[0]
    for hop in hops:
        if _parsed(hop) is None:
            break
        last = hop
        if not within(hop, proxies):
            break
    return last


def _by_tls(request: web.BaseRequest) -> bool:
    """Tell whether the browser came by TLS, as far as a proxy says so.

    Anybody may say so: who is wrong only loses cookies of its own.
    """
    forwarded = request.headers.get("Forwarded", "").casefold()
    protocol = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().casefold()
    return request.secure or protocol == "https" or "proto=https" in forwarded


def locale(request: web.BaseRequest) -> Locale:
    """Return the language: from the address, else from the cookie, else the browser's own."""
    named = (request.query.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
    wanted = [*named, *_preferences(request.headers.get("Accept-Language", ""))]
    for name in wanted:
        for known in locales():
            if name == known:
                return known
    return "en"


def _preferences(header: str) -> list[str]:
    found: list[tuple[float, str]] = []
    for item in header[:500].split(","):
        match = _PREFERENCE.fullmatch(item)
        if match:
            try:
                weight = float(match[2] or 1)
            except ValueError:
                continue
            found.append((-weight, match[1].lower()))
    return [name for weight, name in sorted(found, key=lambda pair: pair[0]) if weight]


def within(text: str, networks: Sequence[Network]) -> bool:
    """Tell whether an address lies in one of the networks; mapped IPv4 counts as IPv4."""
    found = _parsed(text)
    return found is not None and any(found in network for network in networks)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, mapped IPv4 as IPv4; None where it is none."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _key(text: str) -> str:
    """Return what limits count by: an IPv4 address, or an IPv6 network of 64 bits."""
    found = _parsed(text)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return text if found is None else str(found)
