"""How many workers and fronts many learners need: a simulation with measured costs.

    python -m tests.bench.workers_simulation [LEARNERS]

Learners ask at random, each once a minute. A run takes its worker's processors for so long, then
mostly sleeps; its picture takes a drawing process of its front, its words the front's event loop.
Each of these is a line with servers; a front chooses its worker by chance, by the room that the
workers had half a second ago. What is not measured is said in docs/performance.md.
"""

# ruff: noqa: T201 - a command line prints

import heapq
import random
import sys
from dataclasses import dataclass, field

from tests.bench.figures import percentile


@dataclass(frozen=True, slots=True)
class Costs:
    """What one run takes, in seconds of one processor, as measured on two cores."""

    worker: float = 0.007
    """A run at its worker, its process and the worker's own loop."""
    loop: float = 0.03
    """The front's own process, for an answer in the playground with its live updates: its Python
    runs on one processor at a time. 1 ms of it is the way to the worker and back."""
    picture: float = 0.009
    """A drawing process, for the picture at the end."""
    durations: tuple[float, ...] = (0.05, 0.3, 1.0, 2.0, 3.0, 3.0, 5.0)
    """How long a scenario of the course takes, most of it asleep."""


@dataclass(frozen=True, slots=True)
class Machines:
    """What there is."""

    workers: int
    fronts: int
    cores: int = 2
    """Of each worker."""
    places: int = 200
    """Runs at once at each worker: TUTOR_RUNS_AT_ONCE, in 1 GB."""
    drawing: int = 2
    """Drawing processes of each front."""


@dataclass
class Served:
    """A line before some servers that work one after the other."""

    servers: int
    free_at: list[float] = field(default_factory=list)
    busy: float = 0.0

    def take(self, now: float, seconds: float) -> float:
        """Return when what comes now is done."""
        full = len(self.free_at) >= self.servers
        begin = max(now, heapq.heappop(self.free_at)) if full else now
        heapq.heappush(self.free_at, begin + seconds)
        self.busy += seconds
        return begin + seconds


@dataclass
class _Worker:
    processors: Served
    ends: list[float] = field(default_factory=list)
    """When the runs under way are over."""
    told: int = 0
    """How many were under way when it last said so."""

    def running(self, now: float) -> int:
        while self.ends and self.ends[0] <= now:
            heapq.heappop(self.ends)
        return len(self.ends)


@dataclass
class Outcome:
    """What it came to."""

    waits: list[float]
    """Seconds that each run lost: for a place, a processor, the loop, and its picture."""
    refused: int
    worker_load: float
    places_load: float
    loop_load: float
    drawing_load: float

    @property
    def fails_first(self) -> str:
        """Name what has least to spare."""
        loads = {
            "workers' processors": self.worker_load,
            "workers' places": self.places_load,
            "front processes": self.loop_load,
            "drawing": self.drawing_load,
        }
        return max(loads, key=lambda name: loads[name])


def simulate(
    machines: Machines,
    *,
    learners: int,
    seconds: float = 60.0,
    costs: Costs | None = None,
    patience: float = 15.0,
    seed: int = 1,
) -> Outcome:
    """Let so many learners ask once a minute, for so long."""
    costs = costs or Costs()
    chance = random.Random(seed)
    workers = [_Worker(Served(machines.cores)) for _ in range(machines.workers)]
    loops = [Served(1) for _ in range(machines.fronts)]
    pools = [Served(machines.drawing) for _ in range(machines.fronts)]
    waits: list[float] = []
    now, refused, told_at, occupied = 0.0, 0, -1.0, 0.0
    while now < seconds:
        now += chance.expovariate(learners / 60)
        if now - told_at >= 0.5:
            told_at = now
            for worker in workers:
                worker.told = worker.running(now)
        front = chance.randrange(machines.fronts)
        asked = loops[front].take(now, costs.loop)
        room = [max(machines.places - worker.told, 0) for worker in workers]
        worker = chance.choices(workers, room)[0] if any(room) else chance.choice(workers)
        placed = _place(worker, asked, machines.places)
        if placed - asked > patience:
            heapq.heappush(worker.ends, placed)
            refused += 1
            continue
        began = worker.processors.take(placed, costs.worker)
        duration = chance.choice(costs.durations)
        heapq.heappush(worker.ends, began + duration)
        occupied += min(began + duration, seconds) - min(placed, seconds)
        # The picture is drawn once the run is over; lines of processes are in order of asking.
        drawn = pools[front].take(began, costs.picture)
        waits.append(drawn - now - costs.loop - costs.worker - costs.picture)
    return Outcome(
        waits,
        refused,
        sum(it.processors.busy for it in workers) / (machines.cores * machines.workers * seconds),
        occupied / (machines.places * machines.workers * seconds),
        sum(it.busy for it in loops) / (machines.fronts * seconds),
        sum(it.busy for it in pools) / (machines.drawing * machines.fronts * seconds),
    )


def _place(worker: _Worker, now: float, places: int) -> float:
    """Return when the worker has a place, and take it."""
    if worker.running(now) < places:
        return now
    return heapq.heappop(worker.ends)


def table(learners: int, sizes: list[Machines]) -> list[str]:
    """Return a row for each size, for docs/performance.md."""
    names = "workers, places each, fronts, waiting p50 / p99, refused, places taken, processors"
    columns = [*names.split(", "), "front processes", "drawing", "fails first"]
    rows = [f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |"]
    for size in sizes:
        found = simulate(size, learners=learners)
        p50, p99 = (percentile(found.waits, share) for share in (0.5, 0.99))
        share = found.refused / (found.refused + len(found.waits))
        loads = (found.places_load, found.worker_load, found.loop_load, found.drawing_load)
        cells = [f"{size.workers}", f"{size.places}", f"{size.fronts}", f"{p50:.2f} / {p99:.2f} s"]
        cells += [f"{share:.1%}", *(f"{load:.0%}" for load in loads), found.fails_first]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    shapes = [(w, 200, 36) for w in (4, 8, 10, 12)] + [(w, 500, 36) for w in (3, 4, 5)]
    shapes += [(12, 200, fronts) for fronts in (20, 26, 30, 48)]
    sizes = [Machines(workers, fronts, places=places) for workers, places, fronts in shapes]
    print("\n".join(table(count, sizes)))
