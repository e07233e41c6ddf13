"""What the operators of a bot, or a server's admins through them, allow and prefer.

There is no database: it all comes from the settings. `Access.here` is the one place that is asked
with a server's id, so settings that a server stores would be looked up there.
"""

from dataclasses import dataclass

from bot.languages import Locale


@dataclass(frozen=True, slots=True)
class Here:
    """What holds in one place."""

    allowed: bool = True
    locale: Locale | None = None
    """Answer in this language where nobody chose one."""
    private: bool = False
    """Answers are for the asker alone unless they ask for a public one."""


@dataclass(frozen=True, slots=True)
class Access:
    """The settings for all servers. Direct messages are always answered."""

    servers: frozenset[int] = frozenset()
    """Ids of the servers that are answered; empty: all."""
    channels: frozenset[int] = frozenset()
    """Ids of the channels, or of threads' parents, that are answered; empty: all."""
    locale: Locale | None = None
    private: bool = False

    def here(self, server: int | None, *channels: int | None) -> Here:
        """Return what holds in a server's channel; `channels` are its id and its parent's."""
        if server is None:
            return Here(locale=self.locale)
        allowed = not self.servers or server in self.servers
        if self.channels:
            allowed = allowed and not self.channels.isdisjoint(channels)
        return Here(allowed, self.locale, self.private)
