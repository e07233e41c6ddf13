"""Settings that can each be used, but not together."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.settings.model import Settings


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield what does not go together, each with what to write instead."""
    if settings.web_enabled and settings.web_url is not None:
        yield from _elsewhere(settings.web_url, settings.web_root)
    yield from _shards(settings)
    server, servers = settings.discord_server, settings.discord_servers
    if server is not None and servers and server not in servers:
        yield (
            f"TUTOR_DISCORD_SERVER is {server}, where the bot does not answer, as "
            "TUTOR_DISCORD_SERVERS does not name it. Write it there, too, or remove one of them."
        )


def _elsewhere(url: str, root: str) -> Iterator[str]:
    """Tell of links that would lead past the playground: proxies pass a path on unchanged."""
    found = urlsplit(url)
    if found.path == root:
        return
    if not root:
        yield (
            f"TUTOR_WEB_URL is {url}, which has a path, but the playground is served at "
            f"the root. Write TUTOR_WEB_ROOT={found.path} as well."
        )
    else:
        yield (
            f"TUTOR_WEB_URL is {url}, but the playground is served under {root} "
            f"(TUTOR_WEB_ROOT). Write TUTOR_WEB_URL={found.scheme}://{found.netloc}{root}."
        )


def _shards(settings: Settings) -> Iterator[str]:
    """Tell of a shard of this process that is none of all there are."""
    count, ids = settings.discord_shards, settings.discord_shard_ids
    if ids and max(ids) >= count:
        yield (
            f"TUTOR_DISCORD_SHARD_IDS names shard {max(ids)}, but there are {count}. Write the "
            f"number of all processes' shards together, the same for each, such as "
            f"TUTOR_DISCORD_SHARDS={max(ids) + 1}; ids are counted from 0."
        )
