"""A learner's way through the bot: lessons, explain, predict, run, compare, next lesson."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.discord_standin.learner import Exchange, Learner
from tests.e2e.discord.picture import drawn_as_text, form_as_text


@dataclass(frozen=True)
class Step:
    """One thing that the learner did, and the message that it led to."""

    name: str
    exchange: Exchange
    shown: str


@dataclass
class Journey:
    """Walks, and keeps what was seen.

    :param restart: ends the bot and starts another
    """

    learner: Learner
    restart: Callable[[], Awaitable[None]]
    steps: list[Step]

    async def walk(self) -> None:
        """Go the whole way, through a restart in the middle of a prediction."""
        learner = self.learner
        course = await self._see("lessons", await learner.command("lessons"))
        chapter = await self._see("chapter", await learner.choose(course, "ask:lessons:tasks"))
        await self._see("explain", await learner.choose(chapter, "ask:explain:gather"))
        quiz = await self._see("predict", await learner.command("predict", scenario="gather"))
        opened = next(iter(quiz.buttons))
        form = await (await learner.interaction(quiz, opened)).answered()
        self.steps.append(Step("predicted", form, form_as_text(form)))
        await self.restart()
        five = "5초" if learner.locale == "ko" else "5 s"
        sent = await learner.send(form, time=five, order="B")
        await sent.until("async")
        await self._see("checked", sent)
        ran = await self._see("run", await learner.command("run", scenario="gather"))
        await self._see("compare", await learner.choose(ran, "ask:compare:gather+create_task"))
        await self._see("next", await learner.choose(ran, "ask:lessons:endings"))

    async def watch_a_run(self, holding: asyncio.Event) -> None:
        """Look at a run while it is held in its middle, then let it go on."""
        running = await self.learner.command("run", scenario="gather")
        await running.until("│")
        await running.standin.until(lambda: running.text.count("│") == 4)
        self._keep("running", running)
        holding.set()
        await running.finished()

    async def look_at_exercises(self) -> None:
        """Have one exercise of each kind set, and a hint given."""
        named = {"fix": "await_the_call", "build": "start_then_wait", "tune": "at_most_two"}
        for kind, name in {**named, "why": "await_in_turn"}.items():
            task = await self._see(kind, await self.learner.command("exercise", exercise=name))
            if kind == "fix":
                hint = f"ask:exercise:{name}_hint_1"
                await self._see("hint", await self.learner.choose(task, hint))

    async def try_own_code(self, code: str) -> None:
        """Write code into the editor, and have it run."""
        opened = await (await self.learner.command("try")).answered()
        await self._see("own_code", await self.learner.submit(opened, code))

    async def ask_for_help(self) -> None:
        """Ask what can be done."""
        await self._see("help", await self.learner.command("help"))

    async def _see(self, name: str, exchange: Exchange) -> Exchange:
        """Wait until the message is as it will stay."""
        await exchange.finished()
        self._keep(name, exchange)
        return exchange

    def _keep(self, name: str, exchange: Exchange) -> None:
        ago = "몇 초 전" if self.learner.locale == "ko" else "a few seconds ago"
        shown = re.sub(r"<t:\d+:R>", ago, drawn_as_text(exchange).replace("│ -# ", "│ "))
        self.steps.append(Step(name, exchange, shown))
