"""`/why`: each line with its cause, and the last one back to the start."""

import pytest

from bot.lessons.model import LOCALES, Locale
from bot.runner.model import Finished, Outcome, Started
from bot.testing import FakeRunner
from bot.timeline.causes import Cause
from bot.tutor.model import Choices, Run, Why
from bot.tutor.words import words
from tests.timeline.streams import recorded
from tests.tutor.answers import answer, one, told
from tests.tutor.conftest import MakeTutor


@pytest.mark.parametrize("locale", LOCALES)
async def test_each_line_has_its_cause_and_the_last_leads_back(
    make_tutor: MakeTutor, locale: Locale
) -> None:
    events = tuple(recorded("gather", locale))
    reply = await answer(make_tutor(FakeRunner({"gather": events})), Why("gather"), locale)
    said = told(reply)
    say = words(locale).causes
    assert say.each in said
    assert "`sleep(3)`" in said
    assert say.told(explanation_start(), {}) in said
    assert Run("gather") in [choice.what for choice in one(reply, Choices).choices]


def explanation_start() -> Cause:
    return Cause("start", 0.0, 0)


async def test_a_run_without_lines_says_so(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(default=(Started(python="3.13.0"), Finished(Outcome.OK, 0.1)))
    reply = await answer(make_tutor(runner), Why("gather"), "en")
    assert words("en").causes.nothing in told(reply)
