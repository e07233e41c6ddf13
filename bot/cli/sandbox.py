"""The verb `sandbox`: any file under exactly the lessons' confinement."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path

import click

from bot.cli.context import in_language, json_option, picture_option
from bot.cli.events import print_events, run_status
from bot.cli.limit_options import limit_options, limits_of
from bot.cli.pictures import save
from bot.foundation import open_runner
from bot.languages import Locale
from bot.platforms.terminal.source_file import read_source
from bot.runner.model import Event, Finished, Line, LinePart, Outcome, Runner, RunRequest, Warned
from bot.settings import Settings
from bot.text import visible
from bot.timeline.layout import lay_out
from bot.tutor.words import words
from bot.tutor.words.captions import captions

_RAN = frozenset({Outcome.OK, Outcome.ERROR})
"""Outcomes of a run that came to an end of its own, so that its time is its own, too."""


@click.group()
def sandbox() -> None:
    """Run files in the sandbox that scenarios run in."""


@sandbox.command("run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_language
@json_option
@picture_option
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run it with this Python, 3.11 or newer, instead of the tutor's own.",
)
@limit_options()
def run_file(
    settings: Settings,
    locale: Locale,
    file: Path,
    picture: Path | None,
    python: Path | None,
    *,
    as_json: bool,
    **limits: float | None,
) -> int:
    """Run any Python file under exactly the confinement of the lessons.

    Control characters, marks that turn the direction of text, and whatever else does not show
    are escaped, in text and with --json alike. The exit status is 0 only if it ended with the
    outcome `ok`.
    """
    wanted = {name: value for name, value in limits.items() if value is not None}
    source = read_source(file, locale)
    request = RunRequest(source, _name(file), limits_of(settings.limits, wanted))
    show = print_events if as_json else _Reader(locale).print_events
    return asyncio.run(_run(open_runner(settings, python=python), request, show, locale, picture))


def _name(file: Path) -> str:
    return "".join(c if c.isalnum() or c in "_-" else "_" for c in file.stem)[:60] or "scenario"


async def _run(
    opened: AbstractAsyncContextManager[Runner],
    request: RunRequest,
    show: Callable[[Runner, RunRequest], Awaitable[list[Event]]],
    locale: Locale,
    picture: Path | None,
) -> int:
    async with opened as runner:
        events = await show(runner, request)
    if picture is not None:
        title = visible.line(f"{request.name}.py")
        timeline = lay_out(events, title=title, captions=captions(locale))
        await asyncio.to_thread(save, (timeline,), locale, picture)
    return run_status(events)


class _Reader:
    """Prints a run for people: what it printed on its own streams, how it ended on stderr."""

    def __init__(self, locale: Locale) -> None:
        self._say = words(locale).run
        self._locale = locale
        self._unfinished: tuple[str, str] | None = None
        """The stream and the text of the line that stands unfinished on the terminal."""

    async def print_events(self, runner: Runner, request: RunRequest) -> list[Event]:
        """Run a file and print its lines as they come; return all its events."""
        seen: list[Event] = []
        async with aclosing(runner.run(request)) as events:
            async for event in events:
                seen.append(event)
                if isinstance(event, LinePart):
                    self._part(event)
                elif isinstance(event, Line):
                    self._line(event)
                elif isinstance(event, Warned):
                    self._break()
                    click.echo(f"tutor: {event.what}: {visible.line(event.detail)}", err=True)
                elif isinstance(event, Finished):
                    self._break()
                    sys.stdout.flush()
                    click.echo(self._summary(event, request), err=True)
                await asyncio.sleep(0)
        if verdict := self._verdict(seen):
            click.echo(verdict, err=True)
        return seen

    def _part(self, part: LinePart) -> None:
        """Print a piece of a line; the first of them bears the time."""
        text = visible.line(part.text)
        if self._unfinished is None or self._unfinished[0] != part.stream:
            self._break()
            text = f"+{self._say.milliseconds(part.at)}  {text}"
            self._unfinished = (part.stream, "")
        click.echo(text, err=part.stream != "stdout", nl=False)
        self._unfinished = (part.stream, self._unfinished[1] + part.text)

    def _line(self, line: Line) -> None:
        """Print a line, or what is left of it."""
        err = line.stream != "stdout"
        begun = self._unfinished[1] if self._unfinished is not None else None
        if begun is not None and self._unfinished == (line.stream, line.text[: len(begun)]):
            self._unfinished = None
            click.echo(visible.line(line.text[len(begun) :]), err=err)
            return
        self._break()
        click.echo(f"+{self._say.milliseconds(line.at)}  {visible.line(line.text)}", err=err)

    def _break(self) -> None:
        """Begin a new line where something else is printed in the middle of one."""
        if self._unfinished is not None:
            click.echo(err=self._unfinished[0] != "stdout")
            self._unfinished = None

    def _verdict(self, events: list[Event]) -> str:
        """Say what of a run's waiting overlapped, as a lesson's run is told; "" if it was ended."""
        finished = events[-1]
        if not isinstance(finished, Finished) or finished.outcome not in _RAN:
            return ""
        timeline = lay_out(events, title="", captions=captions(self._locale))
        return self._say.measured(timeline.measure).replace("**", "")

    def _summary(self, finished: Finished, request: RunRequest) -> str:
        """Say how a run ended, and what it used."""
        usage = finished.usage
        lines: list[str] = []
        if failure := finished.failure:
            lines += map(visible.line, (failure.traceback or failure.message).rstrip().splitlines())
        if finished.outcome not in {Outcome.OK, Outcome.ERROR}:
            lines.append(visible.line(self._say.ended(finished, request.limits)))
        if finished.refused:
            lines.append(visible.line(words(self._locale).refusals.told(finished.refused)))
        elapsed = self._say.milliseconds(finished.elapsed)
        limit = f" ({finished.limit})" if finished.limit else ""
        detail = f": {visible.line(finished.detail)}" if finished.detail else ""
        cpu, memory = f"{usage.cpu_seconds:.2f}", f"{usage.peak_memory_bytes / 2**20:.1f} MiB"
        if self._locale == "ko":
            lines.append(
                f"{finished.outcome}{limit}, {elapsed}{detail}; CPU 시간 {cpu}초, 메모리 {memory}, "
                f"출력 {usage.output_lines}줄, 기록 {usage.events}개"
            )
        else:
            lines.append(
                f"{finished.outcome} after {elapsed}{limit}{detail}; {cpu} s of processor time, "
                f"{memory}, {usage.output_lines} lines, {usage.events} events"
            )
        return "\n".join(lines)
