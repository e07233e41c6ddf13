"""The workers that a front knows of, how they are, and which of them gets the next run.

Time is counted in ticks of the front's own loop, not by a clock: where the loop stands still,
nobody grows older, because what arrived meanwhile has not been read yet.
"""

import math
import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import structlog

from bot.observe.metrics import Metrics
from bot.runner.remote.messages import (
    VERSION,
    ProtocolError,
    Rules,
    Status,
    decode,
    read_status_subject,
)

_MOST = 1_000
_MOST_OF_A_NAME = 100
"""Instances: a compromised worker can make up as many as it likes, under its own name."""
_MOST_TOLD = 1_000


@dataclass
class KnownWorker:
    """A worker, as it last said that it is."""

    id: str
    status: Status
    silent: int = 0
    """Ticks since it was heard."""
    placed: int = 0
    """Runs given to it since its last status."""
    full: bool = False
    """Whether it has said since its last status that it takes no more."""
    aside: int = 0
    """Ticks for which it gets no runs."""

    @property
    def name(self) -> str:
        """The operator's name for it."""
        return self.id.partition(".")[0]

    @property
    def free(self) -> int:
        """How many more runs it takes, as far as is known."""
        if self.full or self.aside or self.status.draining:
            return 0
        return max(self.status.capacity - self.status.running - self.placed, 0)


@dataclass
class Workers:
    """All workers that are heard.

    :param strict: leave out those whose confinement lacks a layer
    """

    rules: Rules
    metrics: Metrics
    strict: bool = True
    _known: dict[str, KnownWorker] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)
    _random: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._log = structlog.get_logger("bot.runner.remote")

    @property
    def capacity(self) -> int:
        """How many runs all of them take at once."""
        return sum(
            it.status.capacity
            for it in self._known.values()
            if not it.status.draining and not it.aside
        )

    @property
    def all(self) -> tuple[KnownWorker, ...]:
        """Those that can be used, by id."""
        return tuple(self._known[id_] for id_ in sorted(self._known))

    @property
    def refused(self) -> tuple[str, ...]:
        """Those that cannot be used, each with why."""
        return tuple(f"{worker} is not used, for {why}" for worker, why in sorted(self._told))

    def heard(self, subject: str, data: bytes) -> None:
        """Take a status as it was sent; what cannot be used is told to the operator once."""
        id_ = ""
        try:
            version, id_ = read_status_subject(subject)
            if version != VERSION:
                self._refuse(
                    id_,
                    f"it speaks version {version} of the protocol, and this bot version {VERSION}: "
                    "run the same release on both",
                )
                return
            status = _status_of(id_, data)
        except ProtocolError as error:
            self._refuse(id_ or "?", f"it sent {error}")
            return
        if self.strict and status.missing:
            self._refuse(
                id_,
                f"its host does not enforce {', '.join(status.missing)}: `tutor doctor` there says "
                "what to do, or set TUTOR_SANDBOX=best-effort here",
            )
            return
        self._take(id_, status)

    def _take(self, id_: str, status: Status) -> None:
        known = self._known.get(id_)
        if known is None:
            known = KnownWorker(id_, status)
            named = Counter(it.name for it in self._known.values())
            if len(self._known) >= _MOST or named[known.name] >= _MOST_OF_A_NAME:
                self._refuse(known.name, "there are too many of its name, or in all")
                return
            self._known[id_] = known
            self._log.info(
                "worker joined", worker=id_, capacity=status.capacity, python=status.python
            )
        else:
            known.status, known.silent, known.placed, known.full = status, 0, 0, False
        self.metrics.worker_told(known.name, running=status.running, lag=status.lag)

    def tick(self) -> None:
        """Let time pass: forget those that have been silent for too long."""
        most = math.ceil(self.rules.forgotten / self.rules.status)
        for id_, known in list(self._known.items()):
            known.silent += 1
            known.aside = max(known.aside - 1, 0)
            if known.silent > most:
                del self._known[id_]
                self.metrics.worker_lost(known.name)
                if known.status.draining:
                    self._log.info("worker left", worker=id_)
                else:
                    self._log.warning("worker lost", worker=id_, why="nothing was heard of it")

    def set_aside(self, id_: str, why: str, seconds: float) -> None:
        """Give a worker no runs for so long."""
        self._log.warning("worker set aside", worker=id_, why=why, seconds=seconds)
        if known := self._known.get(id_):
            known.aside = max(known.aside, math.ceil(seconds / self.rules.status))

    def choose(self, avoid: Collection[str], *, late: bool = False) -> KnownWorker | None:
        """Return who gets the next run: by chance, the more likely the more room it has.

        By chance, because several fronts choose at once, by figures that are as old for all.

        :param avoid: who shall not get it
        :param late: take one whose loop is late as well; its times may be too long
        """
        able = [
            it
            for it in self._known.values()
            if it.free and it.id not in avoid and (late or it.status.lag < self.rules.late)
        ]
        if not able:
            return None
        if late:
            return min(able, key=lambda it: it.status.lag)
        return self._random.choices(able, weights=[it.free for it in able])[0]

    def _refuse(self, worker: str, why: str) -> None:
        """Say once that a worker is not used."""
        if (worker, why) not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add((worker, why))
            self._log.error("worker not used", worker=worker, why=why)


def _status_of(worker: str, data: bytes) -> Status:
    """Return a worker's own status.

    :raises ProtocolError: if it is none
    """
    status = decode(Status, data)
    if status.id != worker:
        raise ProtocolError("a status in another worker's name")
    return status
