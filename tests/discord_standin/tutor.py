"""A tutor of fixed answers that take as long as a test says."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from bot.lessons.model import Localized
from bot.runner.model import Outcome
from bot.testing import FakeTutor
from bot.tutor.forms import Ending, Quiz
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Compare,
    Explain,
    Heading,
    Help,
    ListLessons,
    NameKind,
    Note,
    Part,
    Predict,
    Reply,
    Run,
    Text,
)
from bot.tutor.run_parts import Measured, SequenceLine
from bot.tutor.run_parts import Sequence as Printed

CONCEPTS = {"coroutine": "코루틴", "gather": "gather", "event_loop": "이벤트 루프"}
SCENARIOS = ("gather", "create_task", "await", "sync", "thread")
LINES = ("one starts", "two starts", "two ends", "one ends")
NAMES: dict[NameKind, dict[str, Localized]] = {
    "concept": {id_: Localized(en=id_, ko=title) for id_, title in CONCEPTS.items()},
    "scenario": {id_: Localized(en=id_, ko=id_) for id_ in SCENARIOS},
}


class ScriptedTutor(FakeTutor):
    """A run prints `lines`, one each `pause` seconds."""

    def __init__(self) -> None:
        super().__init__(names=NAMES)
        self.lines: Sequence[str] = LINES
        self.pause = 0.02
        self.gate: asyncio.Event | None = None
        """With it, a run prints its first line and then waits here."""
        self.decoys = False
        self.endings: tuple[Ending, ...] = ()

    async def replies(self, ask: Ask) -> AsyncGenerator[Reply]:  # noqa: C901 - one case a request
        """Answer as a tutor would."""
        match ask.what:
            case Help():
                yield Reply((Heading("Help"), Text("Type /lessons")), private=True)
            case ListLessons(lesson):
                yield Reply((Heading(f"Course {lesson}"), _chapters()))
            case Explain(name) if name not in CONCEPTS:
                yield Reply((Note(f"No `{name}`", "error"),), private=True, failed=True)
            case Explain(name):
                body = Text("만나서" if ask.locale == "ko" else "It *pauses*.")
                run = Choices((Choice("Run it", Run("gather")),))
                yield Reply((Heading(name), body, run))
            case Run(name) if name not in SCENARIOS:
                yield Reply((Note(f"No `{name}`", "error"),), private=True, failed=True)
            case Predict(name, None):
                lines = tuple(self.lines)
                orders = (lines, lines[::-1], (*lines[1:], lines[0]))
                quiz = Quiz(name, (1.0, 2.5, 3.0), lines, self.decoys, self.endings, orders)
                yield Reply((Heading(name), quiz))
            case Run(name) | Predict(name):
                async for reply in self._run(name):
                    yield reply
            case Compare(names):
                async for reply in self._run(" vs ".join(names)):
                    yield reply

    async def _run(self, name: str) -> AsyncGenerator[Reply]:
        """Print the lines."""
        printed: list[SequenceLine] = []
        for number, text in enumerate(self.lines):
            printed.append(SequenceLine(number * 1.0, "main", text))
            yield Reply((Heading(name), Printed(tuple(printed), running=True)), final=False)
            await asyncio.sleep(self.pause)
            if self.gate is not None:
                await self.gate.wait()
        done: tuple[Part, ...] = (
            Heading(name),
            Printed(tuple(printed)),
            Measured("took **3.00 s**", Outcome.OK, 3.0),
            Choices((Choice("Run again", Run(name)), Choice("Predict", Predict(name)))),
        )
        yield Reply(done, attachment="\n".join(self.lines))


def _chapters() -> Choices:
    return Choices(tuple(Choice(f"Chapter {n}", ListLessons(f"chapter_{n}")) for n in (1, 2, 3)))
