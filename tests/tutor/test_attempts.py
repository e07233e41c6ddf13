"""What is handed in is read as what is meant, or refused with a reason."""

import pytest

from bot.tutor.attempts import UnusableAnswerError, misconceptions, read_answer
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
