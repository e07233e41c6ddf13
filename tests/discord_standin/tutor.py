"""A tutor of fixed answers that take as long as a test says."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from bot.lessons.model import Locale
from bot.runner.model import Outcome
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Compare,
    Ending,
    Explain,
    Heading,
    Help,
    ListLessons,
    Measured,
    NameKind,
    Note,
    Part,
    Predict,
    Quiz,
    Reply,
    Run,
    SequenceLine,
    Suggestion,
    Text,
)
from bot.tutor.model import (
    Sequence as Printed,
)

CONCEPTS = {"coroutine": "코루틴", "gather": "gather", "event_loop": "이벤트 루프"}
SCENARIOS = ("gather", "create_task", "await", "sync", "thread")
LINES = ("one starts", "two starts", "two ends", "one ends")


@dataclass
class ScriptedTutor:
    """Implements `Tutor`. A run prints `lines`, one each `pause` seconds."""

    lines: Sequence[str] = LINES
    pause: float = 0.02
    asked: list[Ask] = field(default_factory=list)
    cancelled: int = 0
    error: Exception | None = None
    gate: asyncio.Event | None = None
    """With it, a run prints its first line and then waits here."""
    decoys: bool = False
    endings: tuple[Ending, ...] = ()

    async def handle(self, ask: Ask) -> AsyncGenerator[Reply]:  # noqa: C901 - one case a request
        """Answer as a tutor would."""
        self.asked.append(ask)
        if self.error is not None:
            raise self.error
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
                quiz = Quiz(name, (1.0, 2.5, 3.0), tuple(self.lines), self.decoys, self.endings)
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
        try:
            for number, text in enumerate(self.lines):
                printed.append(SequenceLine(number * 1.0, "main", text))
                yield Reply((Heading(name), Printed(tuple(printed), running=True)), final=False)
                await asyncio.sleep(self.pause)
                if self.gate is not None:
                    await self.gate.wait()
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise
        done: tuple[Part, ...] = (
            Heading(name),
            Printed(tuple(printed)),
            Measured("took **3.00 s**", Outcome.OK, 3.0),
            Choices((Choice("Run again", Run(name)), Choice("Predict", Predict(name)))),
        )
        yield Reply(done, attachment="\n".join(self.lines))

    def suggest(
        self, kind: NameKind, typed: str, locale: Locale, limit: int = 25
    ) -> tuple[Suggestion, ...]:
        """Suggest what starts alike, in id or title."""
        names = {name: name for name in SCENARIOS} if kind == "scenario" else CONCEPTS
        found = [
            Suggestion(name, title if locale == "ko" else name)
            for name, title in names.items()
            if name.startswith(typed[:4].lower()) or title.startswith(typed[:2])
        ]
        return tuple(found[:limit])


def _chapters() -> Choices:
    return Choices(tuple(Choice(f"Chapter {n}", ListLessons(f"chapter_{n}")) for n in (1, 2, 3)))
