"""A live run: one run as far as it has got, and what of it goes into a reply."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.languages import Locale
from bot.lessons.judge import Verdict, judge
from bot.lessons.model import Expected, Scenario
from bot.runner.model import (
    NOT_THE_SCENARIOS,
    Event,
    Finished,
    Line,
    LinePart,
    RunRequest,
    RunResult,
    Started,
    Warned,
)
from bot.timeline.drawing.jobs import PackedEvents
from bot.timeline.drawing.renderer import PictureRenderer
from bot.timeline.explanation import Explanation
from bot.timeline.layout import names_so_far
from bot.timeline.model import Timeline
from bot.tutor.run_parts import Sequence, SequenceLine
from bot.tutor.words.captions import captions

_MOST_DRAWN_LIVE = 1_000
"""Events past which a run under way is not laid out again with each update."""

_NOTICED = 0.05
"""Seconds that a computer must hold a run up before anything is put down to that."""

_EXPLAINED = 0.5
"""The share of a delay that must be the computer's for the delay to be its fault."""


@dataclass
class LiveRun:
    """One run of a piece of code, growing event by event."""

    title: str
    """What to call it in a picture."""
    locale: Locale
    request: RunRequest
    scenario: Scenario | None = None
    """Whose code it is; nothing is expected of code that no lesson knows."""
    events: list[Event] = field(default_factory=list)
    explanation: Explanation = field(default_factory=Explanation)
    """Why it did what it did; known once it is finished and laid out."""
    digest: str = ""
    """Stands in logs for a learner's own code; "" for the course's."""
    replay: str = ""
    """The finished run to be stepped through, where that was asked for and could be made."""
    timeline: Timeline | None = None
    """The run as `lay_out` laid it out; None where that was not done, or failed."""
    lost: bool = False
    """Whether the finished run could not be laid out: its picture is lost."""
    _since: float = 0.0

    @property
    def name(self) -> str:
        """Stands for the code in addresses, logs and tracebacks: a scenario's id."""
        return self.request.name

    @property
    def expected(self) -> Expected | None:
        """What is expected of it on the Python that ran it; None: nothing."""
        return self.scenario.expect.on(self.result.python) if self.scenario else None

    def add(self, event: Event) -> None:
        """Take note of what the run did."""
        if isinstance(event, Started):
            self._since = time.monotonic()
        elif isinstance(event, Warned) and event.what == "retried":
            self.events.clear()  # what came before is void
        self.events.append(event)

    def copy(self) -> "LiveRun":
        """Return it as it stands now; what is added later does not reach the copy."""
        return replace(self, events=self.events.copy())

    @property
    def finished(self) -> Finished | None:
        """How it ended, or None while it runs."""
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Finished) else None

    @property
    def result(self) -> RunResult:
        """The whole run; only once it is finished."""
        return RunResult(tuple(self.events))

    @property
    def cut_off(self) -> bool:
        """Whether it was refused or interrupted, which is not the code's own doing."""
        return self.finished is not None and self.finished.outcome in NOT_THE_SCENARIOS

    @property
    def warnings(self) -> frozenset[str]:
        """What the runner warned of."""
        return frozenset(event.what for event in self.events if isinstance(event, Warned))

    def verdict(self) -> Verdict:
        """Hold the finished run against what is expected of it."""
        return judge(self.scenario, self.locale, self.result) if self.scenario else Verdict()

    async def lay_out(self, renderer: PictureRenderer, *, replay: bool = False) -> None:
        """Lay the run out as far as it has got, where there is something to lay out.

        :param replay: also make what is needed to step through it, once it is finished
        """
        if not any(isinstance(event, Started) for event in self.events[:16]):
            return
        now = None
        if not self.finished:
            if len(self.events) > _MOST_DRAWN_LIVE:
                return
            now = max(time.monotonic() - self._since, self.events[-1].at)
        say = captions(self.locale)
        events = PackedEvents(self.events)
        if now is None:
            self.explanation = await renderer.explain(events, code=self.request.code, main=say.main)
            if replay:
                self.replay = await renderer.replay(events, title=self.title, captions=say)
        self.timeline = await renderer.lay_out(events, title=self.title, captions=say, now=now)
        self.lost = self.timeline is None and now is None

    def starved(self, verdict: Verdict) -> float:
        """Return for how many seconds the computer held the run up, if that explains the verdict.

        0.0 where the program itself explains it: nothing was late, or not by enough.
        """
        late = self.timeline.measure.starved if self.timeline else 0.0
        if not verdict.differences or late < _NOTICED:
            return 0.0
        for finding in verdict.differences:
            over = (finding.at or 0.0) - finding.bounds[1] if finding.bounds else 0.0
            if finding.kind == "fast" or (finding.kind == "slow" and late < over * _EXPLAINED):
                return 0.0
        return late

    @property
    def likely_seconds(self) -> float:
        """How many seconds it is likely to take; 0.0 where nothing is expected of it."""
        expected = self.expected.elapsed if self.expected else None
        return expected.about if expected else 0.0

    def sequence(self) -> Sequence:
        """Return the printed lines, each with its lane's name as the timeline draws it."""
        if self.timeline:
            names = {lane.id: lane.name for lane in self.timeline.lanes}
        else:
            names = names_so_far(self.events, captions(self.locale).main)
        return Sequence(
            tuple(
                SequenceLine(
                    line.at,
                    names.get(line.lane, ""),
                    line.text,
                    line.stream,
                    line.lane,
                    line.line,
                )
                for line in _on_the_terminal(self.events)
            ),
            running=self.finished is None,
        )


def _on_the_terminal(events: Iterable[Event]) -> Iterator[Line]:
    """Yield the printed lines, and then those whose newline is still to come."""
    open_lines: dict[str, list[LinePart]] = {}
    for event in events:
        if isinstance(event, LinePart):
            open_lines.setdefault(event.stream, []).append(event)
        elif isinstance(event, Line):
            open_lines.pop(event.stream, None)
            yield event
    for parts in open_lines.values():
        first, text = parts[0], "".join(part.text for part in parts)
        yield Line(parts[-1].at, text, first.stream, first.lane, first.line)


def whole_output(sequence: Sequence) -> str:
    """Return every printed line with its time and lane, for those who want it all."""
    return "".join(
        f"+{line.at:.3f} s  {line.lane}{'  ' if line.lane else ''}{line.text}\n"
        for line in sequence.lines
    )
