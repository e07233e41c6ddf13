"""What a request must be before anyone looks at it, and what every response carries."""

from collections.abc import Collection
from ipaddress import ip_address

from aiohttp import web

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    # No inline script or style, nothing from elsewhere, and no text becomes markup unless our one
    # policy made it: https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
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


async def add_headers(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the security headers on a response that is about to be sent."""
    response.headers.update(HEADERS)
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
