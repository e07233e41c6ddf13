"""A replay: the run that the learner saw, or a new one of which that is said, moving."""

import pytest

from bot.languages import Locale, locales
from bot.testing import FakeRunner
from bot.timeline.drawing.jobs import Job
from bot.timeline.drawing.renderer import ThreadRenderer
from bot.tutor.forms import Guess
from bot.tutor.model import Ask, Code, Predict, Reply, Request, Run, Try, Why
from bot.tutor.run_parts import Picture, Sequence
from bot.tutor.service import TutorService
from bot.tutor.words import words
from tests.timeline.streams import recorded
from tests.tutor.answers import answer, one, parts, stream_of, told, updates
from tests.tutor.conftest import MakeTutor


class NothingDrawn(ThreadRenderer):
    """Implements `PictureRenderer` where no run can be laid out."""

    async def _made(self, job: Job) -> bytes | None:
        assert job
        return None


async def replayed(
    tutor: TutorService, what: Request, locale: Locale, *, learner: str = "l"
) -> Reply:
    """Return the final answer to a replay's button."""
    ask = Ask(learner, locale, what, replay=True)
    *_, last = [it async for it in stream_of(tutor.handle(ask))]
    assert last.final
    return last


def runner() -> FakeRunner:
    return FakeRunner(default=tuple(recorded("gather", "en")))


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize(
    "before", [Run("gather"), Why("gather"), Predict("gather", Guess(3.0, ()))]
)
async def test_what_was_seen_moves_without_being_run_once_more(
    make_tutor: MakeTutor, before: Request, locale: Locale
) -> None:
    ran = runner()
    tutor = make_tutor(ran)
    await answer(tutor, before, locale)
    reply = await replayed(tutor, Run("gather"), locale, learner="l")
    assert len(ran.requests) == 1
    assert one(reply, Picture).moving == ran.requests[0].code
    assert not parts(reply, Sequence)
    assert not parts(reply, Code)
    assert words(locale).run.new_run not in told(reply)


async def test_another_learners_run_is_not_shown(make_tutor: MakeTutor) -> None:
    ran = runner()
    tutor = make_tutor(ran)
    await updates(tutor, Run("gather"), learner="first")
    reply = await replayed(tutor, Run("gather"), "en", learner="second")
    assert len(ran.requests) == 2
    assert one(reply, Picture).moving
    assert words("en").run.new_run in told(reply)


async def test_own_code_moves_too_and_is_not_shared(make_tutor: MakeTutor) -> None:
    ran = runner()
    tutor = make_tutor(ran)
    await updates(tutor, Try("print(1)"), learner="l")
    reply = await replayed(tutor, Try("print(1)"), "en", learner="l")
    assert len(ran.requests) == 1
    assert one(reply, Picture).moving.strip() == "print(1)"
    assert reply.private
    assert not reply.shareable


async def test_what_has_no_picture_stays_as_it_is(make_tutor: MakeTutor) -> None:
    tutor = make_tutor(runner(), renderer=NothingDrawn())
    whole = await answer(tutor, Run("gather"), "en")
    reply = await replayed(tutor, Run("gather"), "en")
    assert not parts(reply, Picture)
    assert reply == whole
