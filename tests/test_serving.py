"""What serving makes of the settings, before anything is served."""

from types import SimpleNamespace
from typing import Any, cast

from bot.serving import Server
from bot.settings import Settings

ALONE: Any = cast("Any", SimpleNamespace(fronts=None))


def shards(**given: Any) -> Any:
    return Server(Settings.model_validate(given), say=print)._shards(ALONE)


def test_a_process_has_all_shards_or_those_that_are_named() -> None:
    assert (shards().count, shards().ids) == (0, ())
    some = shards(discord_shards=4, discord_shard_ids="0-1,3")
    assert (some.count, some.ids) == (4, (0, 1, 3))
