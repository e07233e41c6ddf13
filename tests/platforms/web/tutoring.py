"""A tutor without a sandbox: it answers like the real one, from a script, and remembers."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from bot.lessons.model import Localized
from bot.runner.model import Outcome
from bot.testing import FakeTutor
from bot.timeline.model import Lane, Mark, Measure, Span, Timeline
from bot.timeline.replay import replay_json
from bot.tutor import forms, model, run_parts
from bot.tutor.model import Ask, NameKind, Reply
from bot.tutor.run_parts import SequenceLine

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'&\x00\x1b[31m\u202e \ud800"

CODE = """import asyncio


async def main():
    await asyncio.gather(first(), second())  # <b>not bold</b>


asyncio.run(main())
"""


def timeline(title: str, end: float, *, name: str = "main", running: bool = False) -> Timeline:
    span = Span("waiting", 0.0, end, on="sleep(3)")
    lane = Lane(0, "main", name, 0, 0.0, end, (span,), (Mark("line", 0.0, name, number=1),), "done")
    return Timeline(title, (lane,), end, Measure(end, end, end), running=running)


def _titled(*names: str) -> dict[str, Localized]:
    return {name: Localized(en=f"{name} (en)", ko=f"{name} (ko)") for name in names}


NAMES: dict[NameKind, dict[str, Localized]] = {
    "scenario": _titled("gather", "sync", "thread"),
    "concept": _titled("coroutine"),
}


class ScriptedTutor(FakeTutor):
    """Answers from what a test puts in."""

    def __init__(
        self,
        *,
        lines: int = 3,
        pause: float = 0.0,
        text: str = "hello",
        endless: bool = False,
        broken: bool = False,
        replay: bool = False,
    ) -> None:
        super().__init__(names=NAMES)
        self.lines, self.pause, self.text, self.endless = lines, pause, text, endless
        self.replay = replay
        if broken:
            self.error = RuntimeError("a fault of the tutor's own")

    async def replies(self, ask: Ask) -> AsyncGenerator[Reply]:  # noqa: C901 - one case a request
        match ask.what:
            case model.Run() | model.Compare() if ask.run_nothing:
                yield Reply((model.Code(CODE), model.Text(f"It prints {self.text}.")))
            case model.Run(name=name) | model.Predict(name=name, guess=forms.Guess()):
                async for reply in self._run((name,)):
                    yield reply
            case model.Compare(names=names):
                async for reply in self._run(names):
                    yield reply
            case model.Predict(name=name):
                quiz = forms.Quiz(name, (2.0, 3.0, 5.0), ("two 시작", "one 시작", self.text))
                yield Reply((model.Heading(name), model.Code(CODE), quiz))
            case model.Explain(name="coroutine"):
                yield Reply(self._explanation())
            case model.Explain(name=name):
                note = model.Note(f"No concept `{name}`.", "error")
                yield Reply((note,), private=True, failed=True)
            case model.ListLessons(lesson=lesson):
                title = model.Heading(f"Course {lesson}")
                yield Reply((title, model.CourseMap(tuple(map(self._chapter, range(1, 3))))))
            case model.Help():
                yield Reply((model.Text("Try `/run gather`."),), private=True)

    def _chapter(self, number: int) -> model.Chapter:
        name = ("asynchronous", "await")[number - 1]
        return model.Chapter(
            number,
            f"Chapter {self.text}",
            model.ListLessons(name),
            self.text,
            (model.Choice("Coroutine", model.Explain("coroutine")),),
            (
                model.Choice("Run gather", model.Run("gather")),
                model.Choice(self.text, model.Run("thread"), hindered="needs a newer Python"),
            ),
            (model.Choice("gather · sync", model.Compare(("gather", "sync"))),),
        )

    async def _run(self, names: Sequence[str]) -> AsyncGenerator[Reply]:
        head = (model.Heading(", ".join(names)), model.Code(CODE))
        printed: tuple[SequenceLine, ...] = ()
        count = 0
        while count < self.lines or self.endless:
            printed = (*printed[-500:], SequenceLine(count * 0.5, "<main>", self.text))
            count += 1
            picture = run_parts.Picture((timeline(self.text, count * 0.5, running=True),), "")
            yield Reply((*head, run_parts.Sequence(printed, running=True), picture), final=False)
            await asyncio.sleep(self.pause)
        elapsed = self.lines * 0.5
        drawn = timeline(self.text, elapsed, name=self.text)
        replays = (replay_json(drawn),) if self.replay else ()
        yield Reply(
            (
                *head,
                run_parts.Sequence(printed),
                run_parts.Picture((drawn,), "a picture", replays=replays),
                run_parts.Measured(f"**{elapsed} s**", Outcome.OK, elapsed),
                model.Table(("name", "time"), (("gather", f"{elapsed} s"), (self.text, "-"))),
                model.Choices((model.Choice("Predict", model.Predict(names[0])),)),
            )
        )

    def _explanation(self) -> tuple[model.Part, ...]:
        return (
            model.Heading("Coroutine"),
            model.Text(f"A **function** that pauses.\n\n```python\n{CODE}```\n\n- {self.text}"),
            model.Note(f"Not a thread. {self.text}", "warning"),
            model.PageLink("Documentation", "https://docs.python.org/3/library/asyncio-task.html"),
            model.Choices((model.Choice("Run", model.Run("gather")),)),
        )
