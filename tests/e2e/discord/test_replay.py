"""Replay on Discord: the real bot and tutor over the stand-in; only the runs are recorded ones."""

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.runner.model import Event, RunRequest
from bot.runner.queue import RunQueue
from bot.timeline.drawing.animation import LARGEST
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin import limits
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import StartBot, running_bot
from tests.e2e.recorded import RecordedRunner

DEFERRED, DEFERRED_IN_PLACE = 5, 6
"""Discord's types of a first answer that tells of a later one."""
NEW_RUN = {"en-US": "This is a new run", "ko": "새로 실행한 결과"}
LABEL = {"en-US": "Replay", "ko": "다시 보기"}


class CountedRunner(RecordedRunner):
    """Counts what it runs."""

    runs = 0

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        """Play a recording."""
        self.runs += 1
        async for event in super().run(request):
            yield event


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(load_folders([Path(__file__).parents[3] / "lessons"]).lessons)


@pytest.fixture
async def runner(discord: StandIn, library: Library) -> AsyncIterator[CountedRunner]:
    """What runs behind a bot."""
    going = asyncio.Event()
    going.set()
    runner = CountedRunner(library, going)
    services = Services(lambda: library, runner, RunQueue(running=4, waiting=4), python="3.11.7")
    async with running_bot(discord, TutorService(services)):
        yield runner


async def ran(learner: Learner, command: str = "run") -> Exchange:
    return await (await learner.command(command, scenario="gather")).finished()


async def pressed(learner: Learner, seen: Exchange, custom_id: str) -> Exchange:
    """Press a button as if it had carried this custom id from the beginning."""
    seen.buttons["Run again"]["custom_id"] = custom_id
    return await learner.click(seen.message, custom_id)


def first_answer(exchange: Exchange) -> int:
    assert exchange.interaction.callback is not None
    kind: int = exchange.interaction.callback["type"]
    return kind


def alt(exchange: Exchange) -> str:
    (gallery,) = (it for it in limits.components(exchange.message.payload) if it["type"] == 12)
    (item,) = gallery["items"]
    assert item["media"]["url"].endswith("replay.gif")
    return str(item["description"])


def frames(exchange: Exchange) -> int:
    data = exchange.message.files["replay.gif"]
    assert len(data) <= LARGEST
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "GIF"
    return int(getattr(picture, "n_frames", 1))


@pytest.mark.parametrize("locale", ["en-US", "ko"])
async def test_the_run_that_was_seen_moves_and_then_in_the_other_language(
    discord: StandIn, runner: CountedRunner, locale: str
) -> None:
    learner = Learner(discord, locale=locale)
    seen = await ran(learner)
    replay = await (await learner.interaction(seen, LABEL[locale])).finished()
    assert first_answer(replay) == DEFERRED
    assert replay.message is not seen.message
    assert frames(replay) > 20
    assert alt(replay).startswith("Moving picture" if locale == "en-US" else "움직이는 그림")
    assert "async_task_1" in alt(replay)
    assert runner.runs == 1, "what is remembered is not run once more"
    assert NEW_RUN[locale] not in replay.text
    assert LABEL[locale] not in replay.buttons
    other = "ko" if locale == "en-US" else "en-US"
    label = "한국어" if other == "ko" else "English"
    turned = await (await learner.interaction(replay, label)).until(NEW_RUN[other])
    assert first_answer(turned) == DEFERRED_IN_PLACE
    assert turned.message is replay.message
    assert frames(turned) > 20
    assert alt(turned).startswith("Moving picture" if other == "en-US" else "움직이는 그림")


async def test_anothers_replay_is_an_answer_of_their_own_with_a_run_of_their_own(
    discord: StandIn, runner: CountedRunner
) -> None:
    seen = await ran(Learner(discord), "why")
    other = Learner(discord)
    replay = await (await other.interaction(seen, "Replay")).until(NEW_RUN["en-US"])
    assert runner.runs == 2
    assert replay.message is not seen.message
    assert frames(replay) > 20
    assert "Replay" in seen.buttons, "what stands there stays as it is"


async def test_a_private_run_is_replayed_in_private(
    discord: StandIn, runner: CountedRunner
) -> None:
    learner = Learner(discord)
    private = await (await learner.command("run", scenario="gather", private=True)).finished()
    replay = await (await learner.interaction(private, "Replay")).finished()
    assert replay.message.ephemeral
    assert frames(replay) > 20
    shared = await (await learner.interaction(replay, "Share here")).finished()
    assert not shared.message.ephemeral
    assert shared.message.files == replay.message.files
    assert runner.runs == 1


async def test_a_replay_is_limited_like_any_request(start_bot: StartBot, discord: StandIn) -> None:
    await start_bot(learner_requests_per_minute=1)
    learner = Learner(discord)
    seen = await ran(learner)
    refused = await (await pressed(learner, seen, "replay:run:gather")).answered()
    assert "wait" in str(refused.interaction.callback)
    assert refused.message.ephemeral


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("custom_id", ["replay:run", "replay:help", "replay:compare:sync+gather"])
async def test_what_no_version_wrote_is_told_to_be_stale(discord: StandIn, custom_id: str) -> None:
    learner = Learner(discord)
    seen = await ran(learner)
    told = await (await pressed(learner, seen, custom_id)).answered()
    assert "older version" in str(told.interaction.callback)
