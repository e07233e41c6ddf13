"""What a tutor gives to learners' own code: whether it runs at all, its limits, and how often."""

import hashlib
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.runner.model import Limits, RunRequest

OwnCodeMode = Literal["off", "private", "on"]
"""`off`: no code of a learner's own runs. `private`: only the asker ever sees the answer. `on`:
the asker alone sees it until they share it."""

OWN_CODE_LIMITS: Final = Limits(
    wall_seconds=10.0,
    cpu_seconds=2,
    memory_bytes=256 * 2**20,
    threads=40,
    output_bytes=64_000,
    events=10_000,
)
"""What a run of own code may use, where the settings do not give less to every run."""

RUNS_A_MINUTE: Final = 6
"""Runs of own code that one learner may begin in any 60 seconds."""

_MINUTE = 60.0
_DIGITS = 8
_NAME = 60
"""Characters of the file's name in tracebacks."""


def limits_of_own_code(limits: Limits) -> Limits:
    """Return what own code may use where every run may use `limits`: the lower of each."""
    return limits.lowered_by(OWN_CODE_LIMITS)


def run_of(code: str, origin: str, limits: Limits) -> RunRequest:
    """Return the run of a learner's own code.

    :param code: what they handed over, read as the code that they mean
    :param origin: the name of the file that it comes from; "" if from none
    """
    stem = origin.removesuffix(".py")
    name = "".join(it if it.isalnum() or it in "_-" else "_" for it in stem)[:_NAME] or "main"
    return RunRequest(code, name, limits)


def digest(code: str) -> str:
    """Return what stands in logs for a piece of code: the beginning of its SHA-256."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


class RunsOfLearners:
    """Counts what each learner began in the last minute.

    :param per_minute: how many they may begin; None: as many as they like
    :param clock: seconds on a clock that never goes back
    :param remembered: learners that are remembered; those who were quiet longest are forgotten
    """

    def __init__(
        self,
        per_minute: int | None = RUNS_A_MINUTE,
        *,
        clock: Callable[[], float] = time.monotonic,
        remembered: int = 10_000,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._remembered = remembered
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, learner: str) -> int:
        """Return after how many whole seconds a learner may begin another run; 0: now."""
        begun = self._begun.get(learner)
        if self._per_minute is None or begun is None or len(begun) < self._per_minute:
            return 0
        return max(0, math.ceil(begun[0] + _MINUTE - self._clock()))

    def note(self, learner: str) -> None:
        """Count a run that this learner begins now."""
        if self._per_minute is None:
            return
        begun = self._begun.pop(learner, None) or deque(maxlen=self._per_minute)
        begun.append(self._clock())
        self._begun[learner] = begun
        if len(self._begun) > self._remembered:
            self._begun.popitem(last=False)


@dataclass(frozen=True, slots=True)
class OwnCode:
    """The rules for learners' own code."""

    mode: OwnCodeMode = "private"
    limits: Limits = OWN_CODE_LIMITS
    runs: RunsOfLearners = field(default_factory=RunsOfLearners)
