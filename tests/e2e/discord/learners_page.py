"""Writes docs/learners.md and docs/learners.ko.md from what the bot really sends.

`python -m tests.e2e.discord.learners_page` writes the pages; a test holds them equal.
The real bot and the real tutor answer over the stand-in; only the runs are recorded ones.
"""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.lessons.model import Locale
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn, standin
from tests.e2e.discord.conftest import started_bot
from tests.e2e.discord.journey import Journey
from tests.e2e.recorded import OWN_CODE, RecordedRunner

ROOT = Path(__file__).parents[3]
PAGES: dict[Locale, Path] = {
    "en": ROOT / "docs" / "learners.md",
    "ko": ROOT / "docs" / "learners.ko.md",
}
_BLOCK = re.compile(r"(?m)^<!-- shown: (?P<name>\w+) -->\n~~~text\n(?:(?!~~~).*\n)*~~~$")


@dataclass
class _Bots:
    """One bot at a time; another takes its place in the middle of the journey."""

    server: StandIn
    tutor: TutorService

    async def start(self) -> None:
        """Start the first."""
        self._bot = await started_bot(self.server, self.tutor)

    async def restart(self) -> None:
        """End it, and start another."""
        await self._bot.close()
        await self.start()

    async def close(self) -> None:
        """End the last."""
        await self._bot.close()


async def shown(locale: Locale) -> dict[str, str]:
    """Return every step's message as text, by the step's name."""
    loaded = await asyncio.to_thread(load_folders, [ROOT / "lessons"])
    library = Library(loaded.lessons)
    holding = asyncio.Event()
    services = Services(
        lambda: library,
        RecordedRunner(library, holding),
        RunQueue(running=8, waiting=8),
        python="3.11.7",
    )
    async with standin() as server:
        bots = _Bots(server, TutorService(services))
        await bots.start()
        journey = Journey(Learner(server, locale=locale), bots.restart, [])
        try:
            await journey.watch_a_run(holding)
            await journey.walk()
            await journey.look_at_exercises()
            await journey.try_own_code(OWN_CODE)
            await journey.ask_for_help()
        finally:
            await bots.close()
        assert server.state.wrong == []
    return {step.name: step.shown for step in journey.steps}


def filled(page: str, steps: dict[str, str]) -> str:
    """Return `page` with each marked block showing what the bot sends there."""

    def fill(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- shown: {name} -->\n~~~text\n{steps[name]}\n~~~"

    return _BLOCK.sub(fill, page)


async def write() -> None:
    """Write the pages again."""
    for locale, path in PAGES.items():
        page = await asyncio.to_thread(path.read_text)
        await asyncio.to_thread(path.write_text, filled(page, await shown(locale)))


if __name__ == "__main__":
    asyncio.run(write())
