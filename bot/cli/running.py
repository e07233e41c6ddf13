"""Verbs that run scenarios: for people through the tutor, for programs as events."""

import asyncio
import platform
from pathlib import Path

import click

from bot.app import App, open_app
from bot.cli.answer import naming, requested, tell
from bot.cli.context import (
    in_language,
    json_option,
    picture_option,
    replay_option,
)
from bot.cli.events import print_event, print_events, run_status
from bot.cli.pictures import save, save_replay
from bot.errors import TutorError
from bot.languages import Locale
from bot.lessons.authoring.check import runnable_on
from bot.lessons.model import Scenario
from bot.lessons.request import request_for
from bot.runner.model import Event, Finished, Outcome
from bot.settings import Settings
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from bot.together import together
from bot.tutor.model import FEWEST_COMPARED, MOST_COMPARED, Compare, Run
from bot.tutor.words import words
from bot.tutor.words.captions import captions


@click.command()
@click.argument("name")
@in_language
@json_option
@picture_option
@replay_option
def run(
    settings: Settings,
    locale: Locale,
    name: str,
    picture: Path | None,
    replay: Path | None,
    *,
    as_json: bool,
) -> int:
    """Run a scenario: tutor run gather.

    The exit status is 0 only if it ended with the outcome `ok`. With --json, each event is
    printed as it happens, and the last line is exactly one of the event `finished`.
    """
    request = requested("run", name)
    assert isinstance(request, Run)
    if as_json:
        return asyncio.run(_run_json(settings, locale, request.name, picture, replay))
    return asyncio.run(tell(settings, locale, request, picture, replay))


@click.command()
@click.argument("names", nargs=-1, required=True)
@in_language
@json_option
@picture_option
def compare(
    settings: Settings,
    locale: Locale,
    names: tuple[str, ...],
    picture: Path | None,
    *,
    as_json: bool,
) -> int:
    """Run two to five scenarios at the same time: tutor compare sync gather.

    With --json, each event names its `scenario`, and each scenario has exactly one `finished`.
    The exit status is 0 only if all ended with the outcome `ok`.
    """
    request = requested("compare", *names)
    assert isinstance(request, Compare)
    if as_json:
        return asyncio.run(_compare_json(settings, locale, request.names, picture))
    return asyncio.run(tell(settings, locale, request, picture))


async def _run_json(
    settings: Settings, locale: Locale, name: str, picture: Path | None, replay: Path | None
) -> int:
    try:
        async with open_app(settings, warm=True) as app:
            scenario = _scenario(app, name)
            _refuse_too_new(scenario, locale)
            request = request_for(scenario, locale, settings.limits)
            events = await print_events(app.runner, request, why=locale)
    except TutorError as error:
        print_event(Finished(Outcome.REFUSED, 0.0, detail=str(error)))
        raise
    if picture is not None:
        await asyncio.to_thread(save, (_timeline(scenario, locale, events),), locale, picture)
    if replay is not None:
        timeline = _timeline(scenario, locale, events)
        await asyncio.to_thread(save_replay, timeline, request.code, locale, replay)
    return run_status(events)


async def _compare_json(
    settings: Settings, locale: Locale, names: tuple[str, ...], picture: Path | None
) -> int:
    async with open_app(settings, warm=True) as app:
        found = {it.id: it for it in (_scenario(app, name) for name in names)}
        for it in found.values():
            _refuse_too_new(it, locale)
        if not FEWEST_COMPARED <= len(found) <= MOST_COMPARED:
            least, most = FEWEST_COMPARED, MOST_COMPARED
            raise click.UsageError(f"Name {least} to {most} different scenarios.")
        runs = await together(
            print_events(
                app.runner,
                request_for(it, locale, settings.limits),
                scenario=it.id,
                why=locale,
            )
            for it in found.values()
        )
    if picture is not None:
        timelines = [
            _timeline(scenario, locale, events)
            for scenario, events in zip(found.values(), runs, strict=True)
        ]
        await asyncio.to_thread(save, timelines, locale, picture)
    return max(map(run_status, runs))


def _scenario(app: App, name: str) -> Scenario:
    with naming("scenario", name, "tutor lessons list"):
        return app.course().scenario(name)


def _refuse_too_new(scenario: Scenario, locale: Locale) -> None:
    """Refuse what this Python is too old for, as the tutor does.

    :raises TutorError: says which Python it needs
    """
    python = platform.python_version()
    if not runnable_on(scenario, python):
        raise TutorError(words(locale).run.needs_python(scenario.python or "", python))


def _timeline(scenario: Scenario, locale: Locale, events: list[Event]) -> Timeline:
    return lay_out(events, title=scenario.title.text(locale), captions=captions(locale))
