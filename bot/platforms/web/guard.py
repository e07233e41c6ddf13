"""What a request must be before anyone looks at it, and what every response carries."""

from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address

from aiohttp import HttpVersion11, web

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

_PRIVATE_SUFFIXES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".svc")
"""What names end in that only mean something inside a network: RFC 6761, 6762 and 8375, and what
Kubernetes and routers add."""

_FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"})
_FORWARDED_PREFIXES = ("x-forwarded-", "cf-", "fastly-", "fly-", "x-envoy-", "x-original-")
"""Headers that a reverse proxy adds; any of them gives it away."""

ANCESTORS = web.RequestKey("ancestors", str)
"""On a request for a page that may be shown inside others: their origins, with blanks between."""

HEADERS = {
    # No inline script or style, nothing from elsewhere, and no text becomes markup unless our one
    # policy made it: https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'none'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types tutor"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "asyncio-tutor",
}


STYLE_NONCE = web.RequestKey("style-nonce", str)
"""Stands in the answer's page, and allows its styles and those that its script makes."""


async def add_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the security headers on a response that is about to be sent."""
    response.headers.update(HEADERS)
    policy = HEADERS["Content-Security-Policy"]
    if ancestors := request.get(ANCESTORS):
        # X-Frame-Options knows no list, and some browsers would follow it all the same.
        del response.headers["X-Frame-Options"]
        policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")
    if nonce := request.get(STYLE_NONCE):
        policy = policy.replace("style-src 'none'", f"style-src 'nonce-{nonce}'")
    response.headers["Content-Security-Policy"] = policy
    response.headers.setdefault("Cache-Control", "private, no-cache")


def authority(header: str) -> tuple[str, str]:
    """Split a `Host` header into a lower-case name and a port; ("", "") if it is malformed."""
    if header.startswith("["):
        name, _, rest = header[1:].partition("]")
        if rest and not rest.startswith(":"):
            return "", ""
        try:
            name = str(ip_address(name))
        except ValueError:
            return "", ""
        port = rest[1:]
    else:
        name, _, port = header.partition(":")
    if (port and not (port.isascii() and port.isdigit())) or not name.isascii():
        return "", ""
    return name.rstrip(".").casefold(), port


def host_is_allowed(request: web.BaseRequest, allowed: Collection[str]) -> bool:
    """Tell whether the one `Host` header names a host that we serve.

    A page elsewhere can have its own name resolve to this machine and then read our answers as
    its own; the name in `Host` gives it away.
    """
    headers = request.headers.getall("Host", [])
    return len(headers) == 1 and authority(headers[0])[0] in allowed


def is_forwarded(request: web.BaseRequest) -> bool:
    """Tell whether a reverse proxy says that it passed this request on."""
    return any(
        name in _FORWARDED or name.startswith(_FORWARDED_PREFIXES)
        for name in map(str.lower, request.headers)
    )


def is_direct(request: web.BaseRequest, public: Collection[str]) -> bool:
    """Tell whether a request comes from inside, such as a probe's or Prometheus'.

    It must not have come through a proxy. One that adds no header passes its own address on as
    `Host`; but unless it was told otherwise (nginx before 1.29.7) it speaks HTTP/1.0, which no
    probe does. And it must ask for a name that means something inside only.

    :param public: names under which browsers call
    """
    hosts = request.headers.getall("Host", [])
    if is_forwarded(request) or request.version < HttpVersion11 or len(hosts) != 1:
        return False
    name = authority(hosts[0])[0]
    return name != "" and name not in public and _is_private(name) and _is_private(_peer(request))


def _is_private(name: str) -> bool:
    """Tell whether an address or a name is no public one."""
    try:
        return not ip_address(name.partition("%")[0]).is_global
    except ValueError:
        return "." not in name or name.endswith((*_PRIVATE_SUFFIXES, ".svc.cluster.local"))


def _peer(request: web.BaseRequest) -> str:
    """Return the address at the other end of the connection; mapped IPv4 as IPv4."""
    return (request.remote or "").removeprefix("::ffff:")


def short_answer(status: int, sentence: str) -> web.Response:
    """Return a short answer to what is no request of ours."""
    reason = HTTPStatus(status).phrase
    response = web.Response(status=status, text=f"{status} {reason}: {sentence}\n", headers=HEADERS)
    response.headers["Cache-Control"] = "no-store"
    response.force_close()
    return response


def origin_is_ours(request: web.BaseRequest) -> bool:
    """Tell whether a request that starts something was sent by our own page.

    Browsers always say where such a request comes from. Clients that do not are no browsers,
    and so carry nobody else's cookies.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origins = request.headers.getall("Origin", [])
    if not origins:
        return True
    scheme, separator, rest = origins[0].partition("://")
    if len(origins) > 1 or not separator or scheme not in {"http", "https"}:
        return False
    default = "443" if scheme == "https" else "80"
    ours = authority(request.headers.get("Host", ""))
    theirs = authority(rest)
    return theirs[0] != "" and (theirs[0], theirs[1] or default) == (ours[0], ours[1] or default)
