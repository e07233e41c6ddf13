"""Verbs that run scenarios: for people through the tutor, for programs as events."""

import asyncio
import json
import sys
from contextlib import aclosing
from pathlib import Path

import click

from bot.app import App, open_app, read_settings
from bot.cli.answer import requested, tell
from bot.cli.context import json_option, lang_option, language, picture_option, wait_for
from bot.cli.pictures import save
from bot.errors import SandboxError, TutorError
from bot.lessons.library import UnknownNameError
from bot.lessons.model import Locale, Scenario
from bot.lessons.request import request_for
from bot.runner.jsonl import to_json
from bot.runner.model import Event, Finished, Outcome, Runner, RunRequest
from bot.settings import Settings
from bot.text import visible
from bot.text.visible import json_text
from bot.timeline.findings.find import find
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from bot.tutor.model import FEWEST_COMPARED, MOST_COMPARED, Compare, Run
from bot.tutor.words import words
from bot.tutor.words.captions import captions


@click.command()
@click.argument("name")
@lang_option
@json_option
@picture_option
def run(name: str, lang: str | None, picture: Path | None, *, as_json: bool) -> int:
    """Run a scenario: tutor run gather.

    The exit status is 0 only if it ended with the outcome `ok`. With --json, each event is
    printed as it happens, and the last line is exactly one of the event `finished`.
    """
    settings = read_settings()
    locale = language(lang, settings)
    request = requested("run", name)
    assert isinstance(request, Run)
    if as_json:
        return wait_for(_run_json(settings, locale, request.name, picture))
    return wait_for(tell(settings, locale, request, picture))


@click.command()
@click.argument("names", nargs=-1, required=True)
@lang_option
@json_option
@picture_option
def compare(
    names: tuple[str, ...], lang: str | None, picture: Path | None, *, as_json: bool
) -> int:
    """Run two to five scenarios at the same time: tutor compare sync gather.

    With --json, each event names its `scenario`, and each scenario has exactly one `finished`.
    The exit status is 0 only if all ended with the outcome `ok`.
    """
    settings = read_settings()
    locale = language(lang, settings)
    request = requested("compare", *names)
    assert isinstance(request, Compare)
    if as_json:
        return wait_for(_compare_json(settings, locale, request.names, picture))
    return wait_for(tell(settings, locale, request, picture))


async def _run_json(settings: Settings, locale: Locale, name: str, picture: Path | None) -> int:
    try:
        async with open_app(settings, warm=True) as app:
            scenario = _scenario(app, name)
            request = request_for(scenario, locale, settings.limits)
            events = await print_events(app.runner, request, why=locale)
    except TutorError as error:
        print_event(Finished(Outcome.REFUSED, 0.0, detail=str(error)))
        raise
    if picture is not None:
        await asyncio.to_thread(save, (_timeline(scenario, locale, events),), locale, picture)
    return run_status(events)


async def _compare_json(
    settings: Settings, locale: Locale, names: tuple[str, ...], picture: Path | None
) -> int:
    async with open_app(settings, warm=True) as app:
        found = {it.id: it for it in (_scenario(app, name) for name in names)}
        if not FEWEST_COMPARED <= len(found) <= MOST_COMPARED:
            least, most = FEWEST_COMPARED, MOST_COMPARED
            raise click.UsageError(f"Name {least} to {most} different scenarios.")
        runs = await asyncio.gather(
            *(
                print_events(
                    app.runner,
                    request_for(it, locale, settings.limits),
                    scenario=it.id,
                    why=locale,
                )
                for it in found.values()
            )
        )
    if picture is not None:
        timelines = [
            _timeline(scenario, locale, events)
            for scenario, events in zip(found.values(), runs, strict=True)
        ]
        await asyncio.to_thread(save, timelines, locale, picture)
    return max(map(run_status, runs))


def _scenario(app: App, name: str) -> Scenario:
    try:
        return app.course().scenario(name)
    except UnknownNameError as error:
        hint = f" Did you mean {', '.join(error.nearest)}?" if error.nearest else ""
        raise TutorError(
            f"No scenario is called {name!r}.{hint} `tutor lessons list` shows all."
        ) from None


def _timeline(scenario: Scenario, locale: Locale, events: list[Event]) -> Timeline:
    return lay_out(events, title=scenario.title.text(locale), captions=captions(locale))


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
    say = words(why).why
    for finding in find(events, request.code, captions(why).main):
        fields = {
            "event": "finding",
            "kind": finding.kind,
            "line": finding.line,
            "lanes": finding.lanes,
            "seconds": round(finding.seconds, 6),
            "text": say.sentence(finding),
        }
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        _print_line(json_text(text), scenario)


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
