"""A run's events, printed as they happen, and what is made of them."""

import asyncio
import json
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click

from bot.cli.pictures import save
from bot.errors import SandboxError
from bot.languages import Locale
from bot.runner.jsonl import to_json
from bot.runner.model import Event, Finished, Outcome, Runner, RunRequest
from bot.text import visible
from bot.text.visible import json_text
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding
from bot.timeline.layout import lay_out
from bot.tutor.words import words
from bot.tutor.words.captions import captions


async def print_events(
    runner: Runner, request: RunRequest, *, scenario: str = "", why: Locale | None = None
) -> list[Event]:
    """Run one scenario and print its events as they happen; return them.

    :param why: the language in which to say, before the last event, why it did what it did

    Where the sandbox cannot work, the last event is a refusal that says why.
    """
    seen: list[Event] = []
    try:
        async with aclosing(runner.run(request)) as events:
            async for event in events:
                seen.append(event)
                if why and isinstance(event, Finished):
                    await asyncio.to_thread(_print_findings, seen, request, why, scenario)
                print_event(event, scenario)
    except SandboxError as error:
        click.echo(f"tutor: {error}", err=True)
        seen.append(Finished(Outcome.REFUSED, 0.0, detail=str(error)))
        print_event(seen[-1], scenario)
    return seen


def _print_findings(events: list[Event], request: RunRequest, why: Locale, scenario: str) -> None:
    for finding in find(events, request.code, captions(why).main):
        fields = {"event": "finding", **finding_fields(finding, why)}
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        _print_line(json_text(text), scenario)


def finding_fields(finding: Finding, locale: Locale) -> dict[str, Any]:
    """Return a finding as plain data."""
    return {
        "kind": finding.kind,
        "line": finding.line,
        "lanes": list(finding.lanes),
        "seconds": round(finding.seconds, 6),
        "text": words(locale).why.sentence(finding),
    }


def print_event(event: Event, scenario: str = "") -> None:
    """Print one event as a line of JSON, at once."""
    _print_line(to_json(event), scenario)


def _print_line(line: str, scenario: str) -> None:
    if scenario:  # ids need no escaping
        line = f'{{"scenario":"{scenario}",{line.removeprefix("{")}'
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def draw(events: list[Event], title: str, locale: Locale, picture: Path) -> None:
    """Draw a run into a file. It blocks.

    :raises TutorError: if the file cannot be written
    """
    save(
        (lay_out(events, title=visible.label(title, 80), captions=captions(locale)),),
        locale,
        picture,
    )


def run_status(events: list[Event]) -> int:
    """Return the exit status that a run stands for."""
    last = events[-1]
    assert isinstance(last, Finished)
    if last.outcome is Outcome.OK:
        return 0
    return 2 if last.outcome is Outcome.REFUSED else 1
