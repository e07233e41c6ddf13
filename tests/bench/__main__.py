"""Measures what was promised, on this machine, now: `make bench`.

    python -m tests.bench [--quick] [--only NAME] [--minutes N]

A table on stdout, and everything as JSON in .bench/. Figures, not tests: nothing here fails.
"""

# ruff: noqa: T201 - a command line prints

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.bench.chaos import chaos, disconnects
from tests.bench.crowd import five_hundred_gathers, growth
from tests.bench.delivery import delivery
from tests.bench.discord_load import learners_at_once
from tests.bench.drawing import drawing
from tests.bench.explaining import explaining
from tests.bench.figures import Figure, Measure
from tests.bench.hostile import hostile_crowd
from tests.bench.lessons import lessons
from tests.bench.page import page
from tests.bench.recording import cost_of_recording
from tests.bench.soak import soak
from tests.bench.start import first_printed_line
from tests.bench.throughput import runs_a_second
from tests.bench.workers import over_workers
from tests.bench.workers_chaos import workers_chaos

BENCHMARKS: dict[str, Measure] = {
    "start": first_printed_line,
    "throughput": runs_a_second,
    "crowd": five_hundred_gathers,
    "growth": growth,
    "hostile": hostile_crowd,
    "recording": cost_of_recording,
    "drawing": drawing,
    "explaining": explaining,
    "lessons": lessons,
    "page": page,
    "delivery": delivery,
    "discord": learners_at_once,
    "workers": over_workers,
    "soak": soak,
    "chaos": chaos,
    "disconnects": disconnects,
    "workers-chaos": workers_chaos,
}
"""By name, in the order in which they run. A new benchmark is a function and a line here."""

_LASTING = {
    "soak": soak,
    "chaos": chaos,
    "disconnects": disconnects,
    "workers-chaos": workers_chaos,
}
"""Those that go on as long as one likes."""
_ASKED_FOR = frozenset({"chaos", "disconnects", "workers-chaos"})
"""Those that run only where they are named: each takes an hour."""

_FOLDER = Path(__file__).parents[2] / ".bench"
_MARKS = {True: "reached", False: "MISSED", None: ""}


def machine() -> dict[str, object]:
    """Say on what it was measured, in terms that anyone can compare with."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "release": platform.release().split("-")[0],
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def row(figure: Figure) -> str:
    """Return a figure as a line of the table."""
    target = f"{figure.target} {figure.unit}" if figure.target else ""
    return (
        f"  {figure.name:<44} {figure.value:>10,.2f} {figure.unit:<6}"
        f"{target:<14} {_MARKS[figure.met]}"
    ).rstrip()


def main(arguments: list[str]) -> None:
    """Run the benchmarks that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be repeated")
    parser.add_argument("--minutes", type=float, help="how long those of hours go on")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    options = parser.parse_args(arguments)
    found = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    results: dict[str, list[dict[str, object]]] = {}
    for name in options.only or [name for name in BENCHMARKS if name not in _ASKED_FOR]:
        start = time.perf_counter()
        measure = BENCHMARKS[name]
        if options.minutes and name in _LASTING:
            measure = partial(_LASTING[name], seconds=60 * options.minutes)
        figures = asyncio.run(measure(options.quick))
        print(f"\n{name} ({time.perf_counter() - start:.0f} s)")
        for figure in figures:
            print(row(figure), flush=True)
        results[name] = [asdict(one) | {"met": one.met} for one in figures]
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps({**found, "figures": results}, ensure_ascii=False, indent=1) + "\n")
    print(f"\n{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    main(sys.argv[1:])
