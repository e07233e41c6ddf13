"""Addresses of the playground's pages, below the path that it is served under."""

from dataclasses import dataclass

from bot.tutor.grammar import address, from_address
from bot.tutor.model import Request


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each page is, and what an address asks.

    Reverse proxies pass a request's path on unchanged, so every address holds the whole of it.
    """

    root: str = ""
    """The path of the first page without its last slash, such as "/tutor"; "" for a whole host."""

    view: str = ""
    """The path, behind the root, of pages that look different, such as "/embed"."""

    @property
    def base(self) -> str:
        """What stands before every address that asks."""
        return self.root + self.view

    @property
    def cookies(self) -> str:
        """The path under which browsers send our cookies; it does not cover its neighbours."""
        return self.root or "/"

    @property
    def home(self) -> str:
        """The first page."""
        return f"{self.root}/"

    def page(self, name: str) -> str:
        """Return where the page or file called `name` is."""
        return f"{self.root}/{name}"

    def of(self, request: Request) -> str:
        """Return where this is asked: `/tutor/run/gather`."""
        return self.base + address(request)

    def asked(self, path: str) -> Request | None:
        """Return what an address asks, or None if it asks nothing of us."""
        inside = path.removeprefix(self.base)
        if len(inside) + len(self.base) != len(path) or not inside.startswith("/"):
            return None
        return from_address(inside)
