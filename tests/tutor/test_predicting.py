from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale, Scenario
from bot.runner.model import Finished, Limits, Outcome, RunRequest, Started
from bot.tutor import quiz
from bot.tutor.model import (
    Choices,
    Code,
    Guess,
    Note,
    Picture,
    Predict,
    Quiz,
    Run,
    Sequence,
    Table,
)
from bot.tutor.take import Take
from tests.fakes import FakeRunner, gather_events
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
    assert list(asked.times) == sorted(asked.times)
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
                assert (expected.about in asked.times) if expected else not asked.times
                assert len(asked.times) in {0, 4}, each.id
                assert len(asked.lines) <= quiz.MOST_LINES


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
    st.floats(0, 60).map(lambda it: round(it, 2)),
    st.lists(st.floats(0.01, 10).map(lambda it: round(it, 2)), max_size=5),
)
def test_there_are_always_four_times_that_differ(about: float, waits: list[float]) -> None:
    code = "\n".join(f"sleep({seconds})" for seconds in waits) or "pass"
    each = scenario({"elapsed": {"about": about}}, code=code)
    times = quiz.times(each, each.expect)
    assert about in times
    assert len(times) == 4
    assert list(times) == sorted(set(times))
    assert all(later - earlier >= 0.049 for earlier, later in pairwise(times))


def take(each: Scenario, *printed: str, elapsed: float = 1.0) -> Take:
    events = list(run(printed, elapsed=elapsed).events)
    return Take(each, "en", RunRequest("pass", limits=Limits()), events)


ANY = scenario({"lines": ["a", {"any_order": ["b", "c"]}, "d"]})


def test_an_order_that_could_have_been_is_not_wrong() -> None:
    score = quiz.score(take(ANY, "a", "c", "b", "d"), Guess(None, ("a", "b", "c", "d")), ())
    assert (score.order, score.possible, score.all_right) == (False, True, True)
    score = quiz.score(take(ANY, "a", "c", "b", "d"), Guess(None, ("b", "a", "c", "d")), ())
    assert (score.order, score.possible, score.all_right) == (False, False, False)


def test_the_nearest_choice_is_right() -> None:
    def time(guess: float, elapsed: float) -> bool | None:
        return quiz.score(take(ANY, elapsed=elapsed), Guess(guess, ()), (1.0, 3.0, 5.0)).time

    assert time(3.0, 3.4) is True
    assert time(5.0, 3.4) is False
    assert time(5.0, 4.2) is True
    assert time(3.3, 3.4) is True, "a time that was not among the choices"
    assert time(2.0, 3.4) is False


def test_a_line_that_never_came_has_nothing_beside_it() -> None:
    score = quiz.score(take(ANY, "a", "d"), Guess(None, ("a", "b", "c", "d")), ())
    assert [real.text if real else None for _, real in score.pairs] == ["a", "d", None, None]
    assert score.in_place == 1


@given(st.permutations(["a", "b", "c", "d"]), st.permutations(["a", "b", "c", "d"]))
def test_a_score_counts_what_stands_in_place(guess: list[str], real: list[str]) -> None:
    each = scenario({"lines": ["a", "b", "c", "d"]})
    score = quiz.score(take(each, *real), Guess(None, tuple(guess)), ())
    assert score.in_place == sum(a == b for a, b in zip(guess, real, strict=True))
    assert score.order is (guess == real)
