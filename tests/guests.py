"""Runs scenarios in the real guest, on any Python, and looks at their record."""

import base64
import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from bot.runner.host.decode import Decoder
from bot.runner.host.run_end import Ended
from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked
from bot.runner.model import Event, Limits, Line, Refusal

ROOT = Path(__file__).parents[1]
_COUNT = "import gc, asyncio; print(gc.get_count()[0])"


@dataclass(frozen=True)
class Record:
    """What came of one scenario."""

    events: list[Event]
    ended: Ended | None
    status: int
    raw_stdout: bytes
    raw_stderr: bytes
    malformed: bool
    exceeded: str
    refused: list[Refusal]

    def texts(self, stream: str = "stdout") -> list[str]:
        return [line.text for line in self.lines(stream)]

    def lines(self, stream: str = "stdout") -> list[Line]:
        return [one for one in self.events if isinstance(one, Line) and one.stream == stream]

    @property
    def births(self) -> list[LaneBorn]:
        return [one for one in self.events if isinstance(one, LaneBorn)]

    def lane(self, called: str) -> int:
        """Return the only lane of that code or name."""
        found = [one.lane for one in self.births if called in {one.code, self.name(one.lane)}]
        assert len(found) == 1, (called, self.births)
        return found[0]

    def name(self, lane: int) -> str:
        """Return a lane's last name."""
        names = [
            one.name
            for one in self.events
            if isinstance(one, LaneBorn | LaneNamed) and one.lane == lane
        ]
        return names[-1]

    def states(self, lane: int) -> list[LaneState]:
        return [one for one in self.events if isinstance(one, LaneState) and one.lane == lane]

    def story(self, lane: int) -> list[str]:
        """Return what a lane did: "running", "ready", or what it waited on."""
        return [one.on or one.activity for one in self.states(lane)]

    def ending(self, lane: int) -> LaneEnded | None:
        found = [one for one in self.events if isinstance(one, LaneEnded) and one.lane == lane]
        assert len(found) <= 1
        return found[0] if found else None

    @property
    def blocked(self) -> list[LoopBlocked]:
        return [one for one in self.events if isinstance(one, LoopBlocked)]


class Guests:
    """One Python that is prepared and forks a guest for each scenario."""

    def __init__(self, python: Path, version: str) -> None:
        self.python = python
        self.version = tuple(int(part) for part in version.split("."))
        counted = subprocess.check_output([python.resolve(), "-I", "-c", _COUNT], text=True)
        forks = Path(__file__).with_name("guest_forks.py")
        self._process = subprocess.Popen(
            [python, "-I", "-S", forks, ROOT, counted.strip()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={},
        )

    def run(self, code: str, *, name: str = "scenario", limits: Limits | None = None) -> Record:
        """Run a scenario to its end."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"code": dedent(code), "name": name}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        decoder = Decoder(limits or Limits(), born_ns=answer["born"])
        events = decoder.feed(base64.b64decode(answer["events"]))
        events += decoder.finish()
        return Record(
            events=events,
            ended=decoder.ended,
            status=answer["status"],
            raw_stdout=base64.b64decode(answer["stdout"]),
            raw_stderr=base64.b64decode(answer["stderr"]),
            malformed=decoder.malformed,
            exceeded=decoder.exceeded,
            refused=decoder.refused,
        )

    def close(self) -> None:
        self._process.communicate(timeout=30)


def in_order(wanted: Iterable[str], found: Iterable[str]) -> bool:
    """Tell whether `wanted` stand in `found` in this order, whatever stands between."""
    rest = iter(found)
    return all(one in rest for one in wanted)
