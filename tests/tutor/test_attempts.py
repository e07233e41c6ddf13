"""What is handed in is read as what is meant, or refused with a reason."""

import pytest

from bot.lessons.judge import Difference
from bot.tutor.attempts import (
    UnusableAnswerError,
    goal_told,
    misconceptions,
    read_answer,
    why_forbidden,
)
from bot.tutor.goals import GoalResult
from bot.tutor.grading import Grade
from tests.exercises.run_solutions import exercises
from tests.tutor.answers import HANGUL

EXERCISES = exercises()


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("fetch_together", "", "empty"),
        ("fetch_together", "\ufeff \n\t", "empty"),
        ("fetch_together", "x" * 30_000, "20 kB"),
        ("two_sleeps", "print(1)", "none of the choices"),
        ("at_most_two", "99", "1 to 20"),
        ("at_most_two", "-1", "1 to 20"),
        ("at_most_two", "1.2.3", "1 to 20"),
    ],
)
def test_what_cannot_be_run_is_refused(name: str, answer: str, said: str) -> None:
    for locale in ("en", "ko"):
        with pytest.raises(UnusableAnswerError) as caught:
            read_answer(EXERCISES[name], answer, locale)
        if locale == "en":
            assert said in str(caught.value)
        else:
            assert HANGUL.search(str(caught.value))


def test_a_number_is_put_into_the_starter() -> None:
    attempt = read_answer(EXERCISES["at_most_two"], " 7\n", "en")
    assert "\nLIMIT = 7\n" in attempt.code
    assert attempt.code.count("LIMIT") == 2


def test_a_fence_around_code_is_taken_away() -> None:
    assert (
        read_answer(EXERCISES["fetch_together"], "```py\nprint(1)\n```", "en").code == "print(1)\n"
    )


def test_a_decoy_names_the_belief_it_stands_for() -> None:
    exercise = EXERCISES["start_then_wait"]
    decoy = next(it for it in exercise.blocks if it.decoy)
    right = read_answer(exercise, exercise.solution.replace("<<", "").replace(">>", ""), "en")
    assert misconceptions(exercise, right, "en") == ()
    wrong = read_answer(exercise, f"{right.code}\n{decoy.code}", "en")
    assert decoy.decoy is not None
    assert misconceptions(exercise, wrong, "en") == (decoy.decoy.en,)


def test_what_is_forbidden_says_what_to_do_instead() -> None:
    exercise = EXERCISES["without_get_event_loop"]
    missed = GoalResult("forbid", met=False, of=("asyncio.get_event_loop",), line=9)
    met = GoalResult("forbid", met=True, of=("asyncio.get_event_loop",))
    for locale in ("en", "ko"):
        (because,) = why_forbidden(exercise, Grade((missed,)), locale)
        assert "asyncio.run()" in because
        assert [*why_forbidden(exercise, Grade((met,)), locale)] == []


def test_what_was_found_does_not_run_into_what_was_wanted() -> None:
    early = Difference("early", line="b", expected="a")
    told = goal_told(GoalResult("order", met=False, of=("a", "b"), differences=(early,)), "en")
    assert told.startswith("It prints, in order: `a` → `b` · `b` came")
