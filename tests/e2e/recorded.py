"""Runs that were recorded once, played again: the same to the millisecond, in either language."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.lessons.files.phrases import code_in
from bot.lessons.library import Library
from bot.lessons.model import LOCALES
from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked, Wait
from bot.runner.model import Event, Finished, Line, Outcome, RunRequest, Started, Usage
from bot.tutor.quiz import lines

FOLDER = Path(__file__).parent / "recordings"
"""What `tutor run NAME --lang en --json` printed, and what `tutor try` printed of `OWN_CODE`."""
OWN_CODE = """import asyncio


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    print(name, "is here")


async def main():
    await fetch("apples", 0.3)
    await fetch("pears", 0.2)
    fetch("plums", 0.1)


asyncio.run(main())
"""
_OWN = "main"
"""What code that comes from no file is called."""
_KINDS: dict[str, Any] = {
    "started": Started,
    "line": Line,
    "lane-born": LaneBorn,
    "lane-named": LaneNamed,
    "lane-state": LaneState,
    "lane-ended": LaneEnded,
    "loop-blocked": LoopBlocked,
}


class RecordedRunner:
    """Implements `Runner`.

    :param library: where the scenarios' words are known from
    :param holding: a run stops in the middle, after its first four lines, until this is set
    """

    def __init__(self, library: Library, holding: asyncio.Event) -> None:
        self._library = library
        self._holding = holding

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        """Play the recording of the scenario that `request` names."""
        said = self._words(request)
        text = await asyncio.to_thread((FOLDER / f"{request.name}.jsonl").read_text)
        printed = 0
        for record in map(json.loads, text.splitlines()):
            event = _event(record)
            if isinstance(event, Line):
                if printed == 4:
                    await self._holding.wait()
                event = replace(event, text=said.get(event.text, event.text))
                printed += 1
            yield event

    async def close(self) -> None:
        """Free nothing: nothing is held."""

    def _words(self, request: RunRequest) -> dict[str, str]:
        """Return the recorded lines' texts in the request's language; own code has but one."""
        if request.name == _OWN:
            assert request.code == OWN_CODE
            return {}
        scenario = self._library.scenario(request.name)
        locale = next(each for each in LOCALES if code_in(scenario, each) == request.code)
        expected = scenario.expect.on("3.11.7")
        english = lines(scenario, expected, "en")
        return dict(zip(english, lines(scenario, expected, locale), strict=True))


def _event(record: dict[str, Any]) -> Event:
    """Return the event that a line of a recording stands for."""
    kind = record.pop("event")
    if kind == "finished":
        usage = Usage(**record["usage"])
        return Finished(Outcome(record["outcome"]), record["elapsed"], usage)
    if kind == "lane-state":
        parts = {name: record.pop(name) for name in ("kind", "name", "seconds")}
        wait = Wait(**parts, stack=tuple(record.pop("stack")))
        record["wait"] = wait if wait.kind else None
    event: Event = _KINDS[kind](**record)
    return event
