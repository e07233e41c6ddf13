from collections.abc import Callable
from pathlib import Path

import pytest

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.observe.metrics import Metrics
from bot.runner.model import Limits, Runner
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.tutor.service import TutorService
from bot.tutor.services import Services

MakeTutor = Callable[..., TutorService]


@pytest.fixture(scope="session")
def library() -> Library:
    """The course itself: what the tutor says is tested with what it really says it of."""
    return Library(load_folders([Path(__file__).parents[2] / "lessons"]).lessons)


@pytest.fixture
def make_tutor(library: Library) -> MakeTutor:
    """Return a tutor of the whole course with a fake runner."""

    def make(
        runner: Runner | None = None,
        *,
        queue: RunQueue | None = None,
        lessons: Library | None = None,
        python: str = "3.13.0",
        metrics: Metrics | None = None,
        renderer: PictureRenderer | None = None,
    ) -> TutorService:
        shelf = lessons or library
        return TutorService(
            Services(
                lambda: shelf,
                runner or FakeRunner(),
                queue or RunQueue(running=5, waiting=5),
                Limits(),
                metrics or Metrics(),
                python=python,
                renderer=renderer or ThreadRenderer(),
            )
        )

    return make
