"""A tutor for one learner at their own computer: of given lessons or of none, without a pool."""

from dataclasses import replace

from bot.lessons.library import Library
from bot.runner.model import Limits, Runner
from bot.runner.queue import RunQueue
from bot.settings import Settings
from bot.tutor.own_code import OwnCode, RunsOfLearners, limits_of_own_code
from bot.tutor.service import TutorService
from bot.tutor.services import Services


def own_code_of(settings: Settings, *, alone: bool) -> OwnCode:
    """Return how learners' own code is run.

    :param alone: there is one learner, at their own computer, who may run it at any rate
    """
    runs = RunsOfLearners(None) if alone else RunsOfLearners()
    return OwnCode(settings.own_code, limits_of_own_code(settings.limits), runs)


def tutor_of(
    library: Library,
    runner: Runner,
    settings: Settings,
    *,
    own_code_limits: Limits | None = None,
) -> TutorService:
    """Return a tutor of these lessons alone, for one learner.

    :param own_code_limits: what their own code may use; by default as for all learners
    """
    queue = RunQueue(running=1, waiting=1)
    own_code = own_code_of(settings, alone=True)
    if own_code_limits is not None:
        own_code = replace(own_code, limits=own_code_limits)
    services = Services(lambda: library, runner, queue, settings.limits, own_code=own_code)
    return TutorService(services)
