"""The page's own files, read once at the start and served from memory.

Only names that are in the table are served, so no path can lead anywhere else.
"""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from string import Template

from aiohttp import web
from rjsmin import jsmin  # type: ignore[import-untyped]  # it ships no types

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}
_EDITOR = "editor.js"
_STYLES = ("page.css", "answer.css", "replay.css")
"""What the stylesheet is made of, in the order in which later rules win."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Static files by name, and what pages are made of."""

    page: Template
    embedded: Template
    """A page that is shown inside one of another site."""
    styles: str
    """The stylesheet. It stands in every page: nothing is waited for before the first paint."""
    version: str
    """Changes when any file does; it stands in the files' addresses."""
    _files: dict[str, bytes]
    _packed: dict[str, bytes]
    """Those that are text, compressed: a page's scripts are a quarter of their size then."""

    @property
    def has_editor(self) -> bool:
        """Whether the code editor was built: without it, the page has text areas."""
        return _EDITOR in self._files

    async def serve(self, request: web.Request) -> web.Response:
        """Answer `/static/{version}/{name}`. A file under its current version never changes."""
        name = request.match_info["name"]
        body = self._files.get(name)
        if body is None:
            raise web.HTTPNotFound
        current = request.match_info["version"] == self.version
        headers = {
            "Content-Type": _TYPES[PurePosixPath(name).suffix],
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        packed = self._packed.get(name)
        if packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = packed, "gzip"
        return web.Response(body=body, headers=headers)


def load_assets() -> Assets:
    """Read all files of the page. It blocks: call it in a thread."""
    root = files("bot.platforms.web")
    found = {
        entry.name: _served(entry.name, entry.read_bytes())
        for entry in sorted(root.joinpath("static").iterdir(), key=lambda entry: entry.name)
        if PurePosixPath(entry.name).suffix in _TYPES
    }
    page, embedded = (
        root.joinpath("templates", name).read_text("utf-8") for name in ("page.html", "embed.html")
    )
    styles = "".join(root.joinpath("static", name).read_text("utf-8") for name in _STYLES)
    digest = hashlib.sha256((page + embedded).encode())
    for name, body in found.items():
        digest.update(name.encode() + body)
    packed = {
        name: gzip.compress(body, mtime=0)
        for name, body in found.items()
        if PurePosixPath(name).suffix != ".png"
    }
    version = digest.hexdigest()[:12]
    return Assets(Template(page), Template(embedded), styles, version, found, packed)


def _served(name: str, body: bytes) -> bytes:
    """Return a file as it is sent: scripts without comments and indents, a quarter of their size.

    Names stay as they are written; the code editor was packed when it was built.
    """
    if not name.endswith(".js") or name == _EDITOR:
        return body
    return str(jsmin(body.decode())).encode()
