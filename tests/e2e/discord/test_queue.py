"""One run at a time for a learner, with the real tutor in between."""

import asyncio

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import running_bot
from tests.e2e.discord.learners_page import ROOT
from tests.e2e.recorded import RecordedRunner


async def test_a_learner_with_a_run_under_way_is_told_so_and_others_are_served(
    discord: StandIn,
) -> None:
    library = Library((await asyncio.to_thread(load_folders, [ROOT / "lessons"])).lessons)
    holding = asyncio.Event()
    runner = RecordedRunner(library, holding)
    services = Services(lambda: library, runner, RunQueue(running=2, waiting=2), python="3.11.7")
    async with running_bot(discord, TutorService(services)):
        learner = Learner(discord)
        first = await (await learner.command("run", scenario="gather")).until("│")
        second = await (await learner.command("run", scenario="gather")).finished()
        assert second.message.ephemeral
        assert "│" not in second.text
        other = await (await Learner(discord).command("run", scenario="create_task")).until("│")
        third = await (await Learner(discord).command("run", scenario="gather")).until("1")
        holding.set()
        for exchange in (first, other, third):
            await exchange.finished()
            assert "timeline.png" in exchange.message.files
        again = await (await learner.command("run", scenario="gather")).finished()
        assert "timeline.png" in again.message.files
