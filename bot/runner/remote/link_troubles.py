"""Where NATS is, and what is wrong with it, in words that say what to do."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_CONNECT_SECONDS = 3


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where NATS is, and who we are there."""

    url: str
    """One address, or several with commas between."""
    key: str = ""
    """The seed of an NKEY; "" for a NATS that asks for none."""
    authority: Path | None = None
    """The certificate of the authority that signed NATS's own; None for the system's."""


def shown(url: str) -> str:
    """Return the address without what may be secret in it."""
    return ",".join(it.strip().rpartition("@")[2] if "@" in it else it for it in url.split(","))


def is_local(url: str) -> bool:
    """Tell whether NATS is on this machine alone."""
    hosts = {urlsplit(it.strip()).hostname for it in url.split(",")}
    return hosts <= {"127.0.0.1", "::1", "localhost"}


_TROUBLES = {
    ("authorization", "nkey", "invalidseed"): "NATS at {url} refused the key. TUTOR_NATS_NKEY must "
    "be the seed of a user that NATS's configuration names by its public key.",
    ("permissions violation",): "NATS at {url} does not let this role do that ({cause}). Compare "
    "its permissions with docs/deploy/nats.conf.",
    ("maximum connections", "maximum account"): "NATS at {url} is full: it takes no more "
    "connections. Raise its max_connections.",
    ("outbound buffer limit",): "NATS at {url} has been out of reach for too long to keep more "
    "for it. Start it again.",
    ("certificate", "ssl", "tls"): "NATS at {url} and this program do not agree on TLS ({cause}). "
    "TUTOR_NATS_CA must be the certificate of the authority that signed NATS's own, for the name "
    "in TUTOR_NATS_URL.",
    ("maximum payload",): "NATS at {url} takes no message of that size. Raise its max_payload to "
    "1MB.",
    ("slow consumer",): "This program was too busy to take what NATS at {url} had for it, and some "
    "of it is lost. Give it more processor time, or start more fronts.",
}
"""What to say, by words of the error."""


def trouble(settings: LinkSettings, error: Exception) -> str:
    """Return what is wrong and what to do, in two sentences. The key is never in it."""
    said = f"{type(error).__name__}: {error}".casefold()
    url, cause = shown(settings.url), str(error) or type(error).__name__
    for words, sentence in _TROUBLES.items():
        if any(word in said for word in words):
            return sentence.format(url=url, cause=cause)
    return f"NATS at {url} cannot be reached ({cause}). Start it, or mend TUTOR_NATS_URL."


async def words_of(server: str) -> str:
    """Return why a server turns us away; "" if it says nothing.

    Its client only tells that the connection was lost.
    """
    where = urlsplit(server)
    said = b""
    with suppress(OSError, TimeoutError, ValueError):
        async with asyncio.timeout(_CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(where.hostname, where.port or 4222)
            try:
                while b"-ERR" not in said and (more := await reader.read(4_096)):
                    said = (said + more)[-8_192:]
                    if said.startswith(b"INFO") and said.endswith(b"\r\n"):
                        writer.write(b"PING\r\n")
            finally:
                writer.close()
    found = re.search(rb"-ERR '([^'\r\n]{1,200})'", said)
    return found[1].decode("ascii", "replace") if found else ""
