from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.lessons.expectation import MOST_DECOYS, MOST_LINES
from bot.lessons.files.honesty import LEAST_APART
from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Lesson, Locale, Scenario
from bot.runner.model import Event, Failure, Finished, Limits, Line, Outcome, RunRequest, Started
from bot.testing import FakeRunner, gather_events
from bot.tutor import quiz
from bot.tutor.forms import Guess, Quiz
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Choices, Code, Note, Predict, Run, Table
from bot.tutor.run_parts import Picture, Sequence
from bot.tutor.service import TutorService
from tests.lessons.runs import run, scenario
from tests.tutor.answers import KOREAN_LINES, answer, one, parts, told
from tests.tutor.conftest import MakeTutor

GATHER = FakeRunner({"gather": gather_events(KOREAN_LINES)})
RIGHT = Guess(3.0, KOREAN_LINES)


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_quiz_shows_the_code_and_runs_nothing(
    make_tutor: MakeTutor, locale: Locale
) -> None:
    runner = FakeRunner()
    reply = await answer(make_tutor(runner), Predict("gather"), locale)
    asked = one(reply, Quiz)
    assert asked.scenario == "gather"
    assert "asyncio.gather" in one(reply, Code).text
    assert {3.0, 5.0} <= set(asked.times), "the right time, and the sum that many believe in"
    assert len(asked.lines) == 6
    assert runner.requests == []
    assert reply == await answer(make_tutor(runner), Predict("gather"), locale)


async def test_the_lines_are_shuffled(make_tutor: MakeTutor) -> None:
    asked = one(await answer(make_tutor(), Predict("gather"), "ko"), Quiz)
    assert sorted(asked.lines) == sorted(KOREAN_LINES)
    assert asked.lines != KOREAN_LINES


async def test_a_right_prediction(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(GATHER), Predict("gather", RIGHT), "ko")
    assert {note.tone for note in parts(reply, Note)} == {"good"}
    rows = one(reply, Table).rows
    assert [row[0] for row in rows] == ["✓"] * 6
    assert rows[0] == ("✓", "+0.001", KOREAN_LINES[0], KOREAN_LINES[0])
    assert one(reply, Picture).timelines
    assert "헷갈리기" not in told(reply)
    offered = [choice.what for choice in one(reply, Choices).choices]
    assert offered[:2] == [Predict("gather"), Run("gather")]


async def test_a_wrong_prediction_stands_beside_reality(
    make_tutor: MakeTutor, library: Library
) -> None:
    wrong = (*KOREAN_LINES[:4], KOREAN_LINES[5], KOREAN_LINES[4])
    reply = await answer(make_tutor(GATHER), Predict("gather", Guess(5.0, wrong)), "ko")
    notes = [note.markdown for note in parts(reply, Note) if note.tone == "warning"]
    assert "예측 5.0초, 실제 3.003초" in notes[0]
    assert "6줄 가운데 4줄" in notes[1]
    assert [row[0] for row in one(reply, Table).rows] == ["✓"] * 4 + ["✗"] * 2
    mistake = library.scenario("gather").mistake
    if mistake:
        assert mistake.ko in told(reply)


async def test_the_key_is_the_run_not_the_lesson(make_tutor: MakeTutor) -> None:
    swapped = (*KOREAN_LINES[:4], KOREAN_LINES[5], KOREAN_LINES[4])
    runner = FakeRunner({"gather": gather_events(swapped)})
    reply = await answer(make_tutor(runner), Predict("gather", Guess(None, swapped)), "ko")
    assert "모두 맞혔습니다" in told(reply)


async def test_only_the_time(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(GATHER), Predict("gather", Guess(3.0, ())), "ko")
    assert not parts(reply, Table)
    assert len(one(reply, Sequence).lines) == 6


async def test_an_order_of_other_lines_is_no_answer(make_tutor: MakeTutor) -> None:
    guess = Guess(None, ("`@everyone`", *KOREAN_LINES[1:]))
    reply = await answer(make_tutor(GATHER), Predict("gather", guess), "ko")
    assert not parts(reply, Table)
    assert "everyone" not in told(reply)


async def test_a_run_that_did_not_end_well_is_not_compared(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(default=(Started(python="3.13.0"), Finished(Outcome.TIMEOUT, 15.0)))
    reply = await answer(make_tutor(runner), Predict("gather", RIGHT), "ko")
    assert "비교할 수 없습니다" in told(reply)
    assert not parts(reply, Table)


async def test_where_nothing_is_fixed_there_is_nothing_to_predict(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(), Predict("gil_computing"))
    if not parts(reply, Quiz):
        assert "nothing to predict" in told(reply)
        assert Run("gil_computing") in [it.what for it in one(reply, Choices).choices]


def test_every_quiz_of_the_course_can_be_answered(library: Library) -> None:
    for lesson in library.lessons:
        for each in lesson.scenarios:
            for locale in LOCALES:
                asked = quiz.quiz_for(each, locale, "3.13.0")
                expected = each.expect.on("3.13.0").elapsed
                timed = expected and (expected.about >= LEAST_APART or each.choices)
                assert (expected.about in asked.times) if expected and timed else not asked.times
                wrong = len(each.choices) or 3
                assert len(asked.times) in {0, wrong, wrong + 1}, each.id
                assert len(asked.lines) <= MOST_LINES + MOST_DECOYS


def test_the_place_of_the_right_time_tells_nothing(library: Library) -> None:
    places: Counter[tuple[int, int]] = Counter()
    for lesson in library.lessons:
        for each in lesson.scenarios:
            asked = quiz.quiz_for(each, "en", "3.13.0")
            expected = each.expect.on("3.13.0").elapsed
            if expected and asked.times:
                places[len(asked.times), asked.times.index(expected.about)] += 1
    (usual, _), _ = places.most_common(1)[0]
    there = [count for (answers, _), count in places.items() if answers == usual]
    assert len(there) == usual
    assert max(there) < 0.5 * sum(there)


def test_nothing_that_takes_no_time_is_asked_for_its_time() -> None:
    each = scenario({"elapsed": {"about": 0.0}})
    assert quiz.times(each, each.expect) == ()


def test_made_up_times_lie_on_both_sides_of_the_right_one() -> None:
    ranks: Counter[int] = Counter()
    for number in range(200):
        each = scenario({"elapsed": {"about": 0.8}}, code="sleep(0.8)")
        each = each.model_copy(update={"id": f"s{number}"})
        ranks[sorted(quiz.times(each, each.expect)).index(0.8)] += 1
    assert set(ranks) == {0, 1, 2, 3}
    assert max(ranks.values()) < 0.4 * ranks.total()


CODE = """
import asyncio, time
async def main():
    time.sleep(0.5)
    await asyncio.sleep(2)
    await asyncio.sleep(delay=1)
    sleep(-1); sleep("x"); asyncio.sleep()
"""


def test_waits_are_read_from_the_code() -> None:
    assert sorted(quiz.waits_in(CODE)) == [0.5, 2.0]
    assert quiz.waits_in("this is (") == []


@given(
    st.floats(0.05, 60).map(lambda it: round(it, 2)),
    st.lists(st.floats(0.01, 10).map(lambda it: round(it, 2)), max_size=5),
)
@example(1.5, [1.25, 1.38])
def test_there_are_always_four_times_that_differ(about: float, waits: list[float]) -> None:
    code = "\n".join(f"sleep({seconds})" for seconds in waits) or "pass"
    each = scenario({"elapsed": {"about": about}}, code=code)
    times = quiz.times(each, each.expect)
    assert about in times
    assert len(times) == 4
    assert all(later - earlier >= 0.049 for earlier, later in pairwise(sorted(times)))


def live_run(each: Scenario, *printed: str, elapsed: float = 1.0) -> LiveRun:
    events = list(run(printed, elapsed=elapsed).events)
    return LiveRun("t", "en", RunRequest("pass", limits=Limits()), each, events)


ASKED = Quiz("x", (), ("a", "b", "c", "d"))
ANY = scenario({"lines": ["a", {"any_order": ["b", "c"]}, "d"]})


def test_an_order_that_could_have_been_is_not_wrong() -> None:
    score = quiz.score(live_run(ANY, "a", "c", "b", "d"), Guess(None, ("a", "b", "c", "d")), ASKED)
    assert (score.order, score.possible, score.all_right) == (False, True, True)
    score = quiz.score(live_run(ANY, "a", "c", "b", "d"), Guess(None, ("b", "a", "c", "d")), ASKED)
    assert (score.order, score.possible, score.all_right) == (False, False, False)


def test_the_nearest_choice_is_right() -> None:
    asked = Quiz("x", (1.0, 3.0, 5.0), ())

    def time(guess: float, elapsed: float) -> bool | None:
        return quiz.score(live_run(ANY, elapsed=elapsed), Guess(guess, ()), asked).time

    assert time(3.0, 3.4) is True
    assert time(5.0, 3.4) is False
    assert time(5.0, 4.2) is True
    assert time(3.3, 3.4) is True, "a time that was not among the choices"
    assert time(2.0, 3.4) is False


def test_a_line_that_never_came_has_nothing_beside_it() -> None:
    score = quiz.score(live_run(ANY, "a", "d"), Guess(None, ("a", "b", "c", "d")), ASKED)
    assert [real.text if real else None for _, real in score.pairs] == ["a", "d", None, None]
    assert score.in_place == 1


@given(st.permutations(["a", "b", "c", "d"]), st.permutations(["a", "b", "c", "d"]))
def test_a_score_counts_what_stands_in_place(guess: list[str], real: list[str]) -> None:
    each = scenario({"lines": ["a", "b", "c", "d"]})
    score = quiz.score(live_run(each, *real), Guess(None, tuple(guess)), ASKED)
    assert score.in_place == sum(a == b for a, b in zip(guess, real, strict=True))
    assert score.order is (guess == real)


WORDS = {"ko": "까닭입니다.", "en": "Because."}


def belief(text: str) -> dict[str, str]:
    return {"ko": f"{text}라는 오해입니다.", "en": f"That would be {text}."}


def honest(expect: dict[str, Any], **fields: Any) -> Scenario:
    each = {"id": "one", "title": {"ko": "3초", "en": "It takes 3 s"}, "summary": WORDS}
    given: dict[str, Any] = {**each, "because": WORDS, "code": "pass", **fields}
    return Scenario.model_validate({**given, "expect": expect})


HONEST = honest(
    {"lines": ["a", "b"], "elapsed": {"about": 1.0}},
    question={"ko": "무엇이 출력될까요?", "en": "What is printed?"},
    decoys=["never", "nor this"],
    choices=[
        {"seconds": 1.2, "believes": belief("batches of two")},
        {"seconds": 0.8, "believes": belief("no limit")},
    ],
    endings=[{"outcome": "error", "error": "ValueError", "believes": belief("a check")}],
)


@pytest.fixture
def honest_tutor(make_tutor: MakeTutor) -> Callable[..., TutorService]:
    """Make a tutor of one honest scenario, whose run prints these lines and ends so."""

    def make(*printed: str, raised: str = "", elapsed: float = 1.0) -> TutorService:
        outcome = Outcome.ERROR if raised else Outcome.OK
        failure = Failure(raised, "") if raised else None
        events: tuple[Event, ...] = (
            Started(python="3.13.0"),
            *(Line(number * 0.1, text) for number, text in enumerate(printed)),
            Finished(outcome, elapsed, failure=failure),
        )
        lesson = Lesson(id="x", order=1, title=HONEST.title, summary=HONEST.summary)
        lesson = lesson.model_copy(update={"scenarios": (HONEST,)})
        return make_tutor(FakeRunner(default=events), lessons=Library([lesson]))

    return make


async def test_the_quiz_asks_the_question_and_hides_the_title(
    honest_tutor: Callable[..., TutorService],
) -> None:
    reply = await answer(honest_tutor(), Predict("one"), "en")
    assert "What is printed?" in told(reply)
    assert "3 s" not in told(reply)
    assert "which of the lines are printed, in which order, and which never are" in told(reply)
    assert "and how it ends" in told(reply)
    asked = one(reply, Quiz)
    assert sorted(asked.times) == [0.8, 1.0, 1.2]
    assert sorted(asked.lines) == ["a", "b", "never", "nor this"]
    assert asked.decoys
    assert sorted(it.key for it in asked.endings) == ["error:ValueError", "ok"]


async def test_without_a_question_not_even_the_title_tells(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(), Predict("gather"), "ko")
    if "3초" not in one(reply, Code).text:
        assert "3초" not in told(reply)


async def test_each_wrong_answer_has_an_answer_of_its_own(
    honest_tutor: Callable[..., TutorService],
) -> None:
    guess = Guess(1.2, ("never", "a"), "error:ValueError")
    reply = await answer(honest_tutor("a", "b"), Predict("one", guess), "en")
    warnings = [note.markdown for note in parts(reply, Note) if note.tone == "warning"]
    assert "That would be batches of two." in warnings[0]
    assert "You said: It raises ValueError. Really: It ends without an exception." in warnings[1]
    assert "That would be a check." in warnings[1]
    assert "in the order, 0 of 2 lines" in warnings[2].lower()
    assert "`never`" in warnings[3]
    assert "`b`" in warnings[4]
    assert "no limit" not in told(reply)


async def test_a_wholly_right_prediction_with_decoys(
    honest_tutor: Callable[..., TutorService],
) -> None:
    reply = await answer(honest_tutor("a", "b"), Predict("one", Guess(1.0, ("a", "b"), "ok")))
    assert {note.tone for note in parts(reply, Note)} == {"good"}
    assert len(parts(reply, Note)) == 3


async def test_the_ending_is_judged_by_the_run(
    honest_tutor: Callable[..., TutorService],
) -> None:
    tutor = honest_tutor("a", "b", raised="ValueError")
    reply = await answer(tutor, Predict("one", Guess(None, (), "error:ValueError")))
    assert "You said rightly how it ends." in told(reply)


async def test_an_ending_that_was_not_on_offer_is_no_answer(
    honest_tutor: Callable[..., TutorService],
) -> None:
    guess = Guess(None, (), "error:`@everyone`")
    reply = await answer(honest_tutor("a", "b"), Predict("one", guess))
    assert "everyone" not in told(reply)


def test_a_wrong_answer_that_is_right_on_another_python_is_not_offered_there() -> None:
    each = honest(
        {
            "elapsed": {"about": 1.0},
            "versions": [{"python": "<3.12", "elapsed": {"about": 2.0}, "outcome": "timeout"}],
        },
        choices=[{"seconds": 2.0, "believes": WORDS}, {"seconds": 3.0, "believes": WORDS}],
        endings=[{"outcome": "timeout", "believes": WORDS}],
    )
    new, old = (quiz.quiz_for(each, "en", python) for python in ("3.13.0", "3.11.0"))
    assert (sorted(new.times), sorted(old.times)) == ([1.0, 2.0, 3.0], [2.0, 3.0])
    assert {it.key for it in new.endings} == {"ok", "timeout"}
    assert {it.key for it in old.endings} == {"timeout"}


def test_lines_may_be_left_out_only_where_there_are_decoys() -> None:
    some = Guess(None, ("a",))
    decoys = Quiz("x", (), ("a", "b"), decoys=True)
    assert quiz.without_nonsense(some, decoys) == some
    assert quiz.without_nonsense(Guess(None, ("a", "a")), decoys).order == ()
    assert quiz.without_nonsense(some, Quiz("x", (), ("a", "b"))).order == ()


@given(st.permutations(["a", "b", "c", "d"]), st.integers(0, 4), st.integers(0, 4))
def test_what_is_believed_and_missed_adds_up(lines: list[str], said: int, printed: int) -> None:
    each = scenario({"lines": ["a", "b", "c", "d"]})
    guess, real = lines[:said], lines[4 - printed :]
    score = quiz.score(live_run(each, *real), Guess(None, tuple(guess)), ASKED)
    if not guess:
        assert (score.believed, score.missed, score.order) == ((), (), None)
        return
    assert set(score.believed) == set(guess) - set(real)
    assert set(score.missed) == set(real) - set(guess)
    assert len(score.pairs) == max(len(guess), len(real))
