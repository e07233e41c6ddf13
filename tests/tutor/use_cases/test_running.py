import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Lesson, Locale
from bot.observe.metrics import Metrics
from bot.runner.lane_events import MAIN_LANE, LaneState, Wait
from bot.runner.model import (
    Event,
    Failure,
    Finished,
    Limits,
    Line,
    Outcome,
    Refusal,
    Started,
    Warned,
)
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner, gather_events
from bot.timeline.drawing.jobs import Job
from bot.timeline.drawing.renderer import ThreadRenderer
from bot.tutor.forms import Guess
from bot.tutor.model import (
    Ask,
    Choices,
    Code,
    Compare,
    Explain,
    ListLessons,
    Note,
    Predict,
    Reply,
    Run,
    Solve,
    Try,
    Why,
)
from bot.tutor.run_parts import Measured, Picture, Sequence
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from bot.tutor.words import words
from tests.lessons.runs import scenario
from tests.tutor.answers import HANGUL, KOREAN_LINES, answer, one, parts, stream_of, told, updates
from tests.tutor.conftest import MakeTutor

GATHER = {"gather": gather_events(KOREAN_LINES)}


def ending(finished: Finished, *lines: str) -> FakeRunner:
    events: list[Event] = [Started(python="3.13.0")]
    events += [Line(0.1, line) for line in lines]
    return FakeRunner(default=(*events, finished))


async def test_the_code_comes_first_and_then_the_lines(make_tutor: MakeTutor) -> None:
    gate = asyncio.Event()
    tutor = make_tutor(FakeRunner(GATHER, gate=gate))
    stream = stream_of(tutor.handle(Ask("l", "ko", Run("gather"), live=True)))
    async with aclosing(stream), asyncio.timeout(10):
        first = await anext(stream)
        assert "asyncio.gather" in one(first, Code).text
        assert "async_task_1 시작" in one(first, Code).text
        second = await anext(stream)
        while not parts(second, Sequence) or not one(second, Sequence).lines:
            second = await anext(stream)
        sequence = one(second, Sequence)
        assert [line.text for line in sequence.lines] == [KOREAN_LINES[0]]
        assert sequence.running
        assert one(second, Picture).timelines[0].running
        gate.set()
        *_, last = [it async for it in stream]
    assert [line.text for line in one(last, Sequence).lines] == list(KOREAN_LINES)
    assert not one(last, Sequence).running


async def test_a_finished_run_is_told_whole(make_tutor: MakeTutor, library: Library) -> None:
    reply = await answer(make_tutor(FakeRunner(GATHER)), Run("gather"), "ko")
    measured = one(reply, Measured)
    assert "3.003초" in measured.markdown
    assert "40 % 겹침" in measured.markdown
    assert (measured.outcome, measured.elapsed) == (Outcome.OK, 3.003)
    (line, *_) = one(reply, Sequence).lines
    assert (line.at, line.lane, line.text) == (0.001, "async_task_1", KOREAN_LINES[0])
    picture = one(reply, Picture)
    assert "3.0초" in picture.alt
    assert library.scenario("gather").because.ko in told(reply)
    assert not parts(reply, Note), "a run as expected needs no remark"
    offered = [choice.what for choice in one(reply, Choices).choices]
    assert offered == [
        Run("gather"),
        Why("gather"),
        Predict("gather"),
        Try("", "gather"),
        Explain("gather"),
        Compare(("gather", "create_task")),
        Solve("start_then_wait"),
        ListLessons("endings"),
    ]
    assert reply.attachment.splitlines()[-1] == "+3.002 s  async_task_1  sync_task_1 재시작"
    assert not reply.failed


async def test_the_runner_is_asked_for_the_learners_language(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(GATHER)
    tutor = make_tutor(runner)
    await answer(tutor, Run("gather"), "ko")
    await answer(tutor, Run("GATHER "), "en")
    assert HANGUL.search(runner.requests[0].code)
    assert not HANGUL.search(runner.requests[1].code)


OUTCOMES = [
    Finished(Outcome.TIMEOUT, 15.0, limit="wall_seconds"),
    Finished(Outcome.CPU, 5.0, limit="cpu_seconds"),
    Finished(Outcome.MEMORY, 0.4, limit="memory_bytes"),
    Finished(Outcome.THREADS, 0.1, limit="threads"),
    Finished(Outcome.OUTPUT, 0.1, limit="output_bytes"),
    Finished(Outcome.EVENTS, 0.1, limit="events"),
    Finished(Outcome.CRASHED, 0.1, detail="SIGSEGV"),
    Finished(Outcome.REFUSED, 0.0, detail="the bot is shutting down"),
    Finished(Outcome.INTERRUPTED, 0.2),
    Finished(
        Outcome.ERROR,
        0.1,
        failure=Failure("ZeroDivisionError", "x", 3, 'File "gather.py", line 3\n'),
    ),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("finished", OUTCOMES, ids=lambda it: str(it.outcome))
async def test_every_outcome_has_its_sentence(
    make_tutor: MakeTutor, finished: Finished, locale: Locale
) -> None:
    reply = await answer(make_tutor(ending(finished, "so far")), Run("gather"), locale)
    note = parts(reply, Note)[0]
    assert note.tone == "error"
    assert bool(HANGUL.search(note.markdown)) is (locale == "ko")
    assert [line.text for line in one(reply, Sequence).lines] == ["so far"], "nothing is lost"
    assert reply.failed is (finished.outcome in {Outcome.REFUSED, Outcome.INTERRUPTED})


async def test_no_two_outcomes_share_a_sentence(make_tutor: MakeTutor) -> None:
    for locale in LOCALES:
        sentences = set()
        for finished in OUTCOMES:
            reply = await answer(make_tutor(ending(finished)), Run("gather"), locale)
            sentences.add(_alarm(reply))
        assert len(sentences) == len(OUTCOMES)


def _alarm(reply: Reply) -> str:
    return next(it.markdown for it in parts(reply, Note) if it.tone == "error")


async def test_an_error_shows_its_traceback_as_it_is(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(ending(OUTCOMES[-1])), Run("gather"))
    assert 'File "gather.py", line 3' in parts(reply, Code)[1].text
    assert "`ZeroDivisionError` in line 3" in told(reply)


async def test_a_traceback_does_not_tell_where_the_host_keeps_python(
    make_tutor: MakeTutor,
) -> None:
    traceback = (
        '  File "gather.py", line 3, in <module>\n'
        '  File "/home/admin/py/lib/python3.13/asyncio/runners.py", line 195, in run\n'
    )
    failure = Failure("ValueError", "x", 3, traceback)
    finished = Finished(Outcome.ERROR, 0.1, failure=failure)
    reply = await answer(make_tutor(ending(finished)), Run("gather"))
    shown = parts(reply, Code)[1].text
    assert "admin" not in shown
    assert 'File "asyncio/runners.py", line 195' in shown
    assert 'File "gather.py", line 3' in shown


async def test_what_a_scenario_calls_its_exception_cannot_break_out(make_tutor: MakeTutor) -> None:
    failure = Failure("`@everyone`\n# x", "y", 1, "")
    reply = await answer(
        make_tutor(ending(Finished(Outcome.ERROR, 0.1, failure=failure))), Run("gather")
    )
    assert "`'@everyone' # x`" in told(reply)


async def test_an_error_that_the_lesson_wants_is_no_alarm(make_tutor: MakeTutor) -> None:
    expected = scenario({"outcome": "error", "error": "ValueError"}, id="wanted")
    library = Library((_lesson(expected),))
    failure = Failure("ValueError", "as told", 1, "Traceback ...")
    tutor = make_tutor(ending(Finished(Outcome.ERROR, 0.1, failure=failure)), lessons=library)
    reply = await answer(tutor, Run("wanted"))
    assert {note.tone for note in parts(reply, Note)} == {"info"}


async def test_a_run_that_deviates_is_told_line_by_line(make_tutor: MakeTutor) -> None:
    swapped = (*KOREAN_LINES[:4], KOREAN_LINES[5], KOREAN_LINES[4])
    runner = FakeRunner({"gather": gather_events(swapped)})
    reply = await answer(make_tutor(runner), Run("gather"), "ko")
    note = one(reply, Note)
    assert note.tone == "warning"
    assert "`sync_task_1 재시작` 줄이 `sync_task_2 재시작` 줄보다 먼저" in note.markdown or (
        "`sync_task_2 재시작` 줄이 `sync_task_1 재시작` 줄보다 늦게" in note.markdown
    )


async def test_a_silent_run_says_that_it_is_silent(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(ending(Finished(Outcome.OK, 0.1))), Run("gather"))
    assert "It printed nothing." in told(reply)
    assert not parts(reply, Sequence)


async def test_an_unconfined_run_warns(make_tutor: MakeTutor) -> None:
    events = (Warned(0.0, "unconfined", "landlock"), *GATHER["gather"])
    reply = await answer(make_tutor(FakeRunner({"gather": events})), Run("gather"), "ko")
    assert "격리" in one(reply, Note).markdown


async def test_a_record_that_is_not_whole_warns(make_tutor: MakeTutor) -> None:
    events = (*GATHER["gather"][:-1], Warned(3.0, "record-truncated"), GATHER["gather"][-1])
    reply = await answer(make_tutor(FakeRunner({"gather": events})), Run("gather"), "ko")
    assert "기록이 완전하지" in told(reply)


@pytest.mark.parametrize(("locale", "lines"), [("ko", "3번째 줄"), ("en", "Line 3")])
@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.ERROR, Outcome.TIMEOUT])
async def test_what_the_sandbox_refused_is_told_with_its_line_however_the_run_ended(
    make_tutor: MakeTutor, locale: Locale, lines: str, outcome: Outcome
) -> None:
    refused = (Refusal("network", 3, "socket"), Refusal("file", 5, "notes.txt"))
    runner = ending(Finished(outcome, 0.2, refused=refused), "went on")
    reply = await answer(make_tutor(runner), Run("gather"), locale)
    say = words(locale).refusals.told(refused)
    assert say in [note.markdown for note in parts(reply, Note)]
    assert lines in say
    assert "notes.txt" in say or "socketpair" in say


async def test_what_came_before_a_retry_is_void(make_tutor: MakeTutor) -> None:
    events = (Started(python="3.13.0"), Warned(0.0, "retried"), *GATHER["gather"])
    reply = await answer(make_tutor(FakeRunner({"gather": events})), Run("gather"), "ko")
    assert len(one(reply, Sequence).lines) == 6
    assert not parts(reply, Note)


async def test_a_scenario_that_is_too_new_says_so_and_does_not_run(make_tutor: MakeTutor) -> None:
    library = Library((_lesson(scenario({}, id="new", python="3.14")),))
    runner = FakeRunner()
    reply = await answer(make_tutor(runner, lessons=library, python="3.11.7"), Run("new"))
    assert "needs Python 3.14" in told(reply)
    assert "3.11.7" in told(reply)
    assert reply.failed
    assert runner.requests == []


async def test_a_lessons_limits_only_lower_ours(make_tutor: MakeTutor) -> None:
    low = scenario({}, id="low", limits={"wall_seconds": 2, "threads": 1_000})
    runner = FakeRunner()
    await answer(make_tutor(runner, lessons=Library((_lesson(low),))), Run("low"))
    assert runner.requests[0].limits == Limits(wall_seconds=2)


async def test_leaving_ends_the_run_at_once(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(GATHER, gate=asyncio.Event())
    queue = RunQueue(running=1, waiting=0)
    tutor = make_tutor(runner, queue=queue)
    stream = stream_of(tutor.handle(Ask("l", "ko", Run("gather"), live=True)))
    async with asyncio.timeout(10):
        async for reply in stream:
            if parts(reply, Sequence):
                break
        await stream.aclose()
    assert (runner.under_way, runner.killed) == (0, 1)
    assert queue.running == 0


async def test_a_cancelled_platform_ends_the_run_at_once(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(GATHER, gate=asyncio.Event())
    task = asyncio.create_task(updates(make_tutor(runner), Run("gather"), live=True))
    async with asyncio.timeout(10):
        await runner.has_begun()
        task.cancel()
        await asyncio.wait([task])
    assert (runner.under_way, runner.killed) == (0, 1)


async def test_a_live_answer_moves_while_nothing_is_printed(make_tutor: MakeTutor) -> None:
    gate = asyncio.Event()
    tutor = make_tutor(FakeRunner(GATHER, gate=gate))
    ends = []
    stream = stream_of(tutor.handle(Ask("l", "ko", Run("gather"), live=True)))
    async with aclosing(stream), asyncio.timeout(10):
        async for reply in stream:
            ends += [picture.timelines[0].end for picture in parts(reply, Picture)]
            if len(ends) == 4:
                break
    assert ends == sorted(ends)
    assert ends[-1] > ends[0]


async def test_ten_thousand_lines_do_not_make_ten_thousand_updates(make_tutor: MakeTutor) -> None:
    flood: tuple[Event, ...] = (
        Started(python="3.13.0"),
        *(Line(i / 1e6, f"line {i}") for i in range(10_000)),
        Finished(Outcome.OK, 0.1),
    )
    replies = await updates(make_tutor(FakeRunner(default=flood)), Run("gather"))
    assert len(replies) < 2_000
    assert len(one(replies[-1], Sequence).lines) == 10_000
    assert replies[-1].attachment.count("\n") == 10_000


async def test_who_waits_hears_where_they_stand(make_tutor: MakeTutor) -> None:
    queue = RunQueue(running=1, waiting=5)
    tutor = make_tutor(FakeRunner(GATHER), queue=queue)
    async with queue.place("other"):
        stream = stream_of(tutor.handle(Ask("l", "ko", Run("gather"))))
        await anext(stream)
        waiting = await anext(stream)
        assert "1번째" in one(waiting, Note).markdown
        assert one(waiting, Code).text
    async with aclosing(stream):
        *_, last = [it async for it in stream]
    assert not last.failed


def _lesson(*scenarios: object) -> Lesson:
    text = {"ko": "가", "en": "A"}
    return Lesson.model_validate(
        {"id": "l", "order": 1, "title": text, "summary": text, "scenarios": scenarios}
    )


class Noted(Metrics):
    def __init__(self) -> None:
        self.runs: list[tuple[str, str, float | None]] = []
        self.first = 0

    def run_finished(self, *, scenario: str, outcome: str, overshoot: float | None = None) -> None:
        self.runs.append((scenario, outcome, overshoot))

    def first_line(self, seconds: float) -> None:
        assert seconds >= 0
        self.first += 1


async def test_operators_hear_of_every_run(library: Library) -> None:
    noted = Noted()
    queue = RunQueue(running=1, waiting=1)
    tutor = TutorService(Services(lambda: library, FakeRunner(GATHER), queue, metrics=noted))
    await answer(tutor, Run("gather"), "ko")
    ((name, outcome, overshoot),) = noted.runs
    assert (name, outcome, noted.first) == ("gather", "ok", 1)
    assert overshoot == pytest.approx(0.003)


class LostRenderer(ThreadRenderer):
    """Lays nothing out, as where every drawing process died."""

    async def _made(self, _job: Job) -> bytes | None:
        return None


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_lost_picture_costs_the_picture_alone(
    make_tutor: MakeTutor, locale: Locale
) -> None:
    tutor = make_tutor(FakeRunner(GATHER), renderer=LostRenderer())
    reply = await answer(tutor, Run("gather"), locale)
    assert not reply.failed
    assert not parts(reply, Picture)
    assert [line.text for line in one(reply, Sequence).lines] == list(KOREAN_LINES)
    assert "3.003" in one(reply, Measured).markdown
    assert words(locale).run.no_picture in told(reply)


def held_up(seconds: float) -> tuple[Event, ...]:
    """Return the gather's run on a computer that lets it go on only so much later."""
    started, *following = gather_events(KOREAN_LINES)
    loop = LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop"))
    events: list[Event] = [started, loop]
    for event in following:
        late = seconds if event.at > 2.5 else 0.0
        if isinstance(event, Finished):
            events.append(replace(event, elapsed=event.elapsed + late))
        else:
            events.append(replace(event, at=event.at + late))
    return tuple(events)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_run_that_a_busy_computer_held_up_says_so(
    make_tutor: MakeTutor, locale: Locale
) -> None:
    runner = FakeRunner({"gather": held_up(1.5)})
    reply = await answer(make_tutor(runner), Run("gather"), locale)
    said = told(reply)
    assert words(locale).run.starved(1.5) in said
    assert words(locale).differences.title not in said
    again = one(reply, Choices).choices[0]
    assert (again.label, again.what) == (words(locale).run.run_again, Run("gather"))
    assert not [note for note in parts(reply, Note) if note.tone == "good"]


async def test_a_prediction_is_not_held_against_a_busy_computer(make_tutor: MakeTutor) -> None:
    runner = FakeRunner({"gather": held_up(1.5)})
    guess = Guess(3.0, KOREAN_LINES)
    reply = await answer(make_tutor(runner), Predict("gather", guess), "ko")
    assert words("ko").quiz.held_up in told(reply)
    assert words("ko").quiz.not_comparable not in told(reply), "it ended as it should"
    assert words("ko").run.starved(1.5) in told(reply)
    assert not [note for note in parts(reply, Note) if note.tone == "good"]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_run_says_why_it_did_what_it_did(make_tutor: MakeTutor, locale: Locale) -> None:
    warning = "gather.py:3: RuntimeWarning: coroutine 'nobody' was never awaited"
    events = list(gather_events(KOREAN_LINES))
    events.insert(-1, Line(events[-2].at, warning, "stderr"))
    reply = await answer(make_tutor(FakeRunner({"gather": tuple(events)})), Run("gather"), locale)
    said = told(reply)
    assert words(locale).why.title in said
    assert "`nobody`" in said


async def test_a_run_without_a_fault_says_nothing_of_why(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(FakeRunner(GATHER)), Run("gather"), "en")
    assert words("en").why.title not in told(reply)
