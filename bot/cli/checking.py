"""The verb `lessons check`."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.cli.context import json_option, lang_option, language, read_settings, wait_for
from bot.cli.inspection import Inspection, inspect, too_long_for_discord
from bot.lessons.check import Ran, Row, jobs_for, rows
from bot.lessons.check import check as run_all
from bot.lessons.model import Locale
from bot.platforms.terminal.harmless import harmless
from bot.runner.local import LocalRunner
from bot.runner.model import RunRequest, collect
from bot.settings import Settings
from bot.tutor.words.findings import FindingWords

_SHOWN_FINDINGS = 4


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--repeat",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="Run each scenario so many times in each language, to catch flaky ones.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 200),
    default=16,
    show_default=True,
    help="How many scenarios run at the same time.",
)
@click.option("--no-run", is_flag=True, help="Only read the files; run nothing.")
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run scenarios with this Python, 3.11 or newer, instead of the tutor's own.",
)
@lang_option
@json_option
def check(
    paths: tuple[Path, ...],
    repeat: int,
    at_once: int,
    python: Path | None,
    lang: str | None,
    *,
    no_run: bool,
    as_json: bool,
) -> int:
    """Check lessons: the files, then every scenario against its expectation.

    PATHS are lesson files or folders; by default the whole course. The exit status is 1 if
    anything is wrong. What the files refer to may be anywhere in the course.
    """
    settings = read_settings()
    inspection = inspect(settings.lesson_folders, paths)
    report = Report(inspection, language(lang, settings), as_json=as_json)
    return wait_for(_check(settings, report, 0 if no_run else repeat, at_once, python))


async def _check(
    settings: Settings, report: "Report", repeat: int, at_once: int, python: Path | None
) -> int:
    found = report.inspection
    for lesson in found.lessons:
        report.discord += too_long_for_discord(found.library, lesson)
    runner = LocalRunner(strict=settings.sandbox == "strict", python=python)
    try:
        if repeat and found.lessons:
            report.python = await _version(runner)
            jobs = jobs_for(found.lessons, repeat=repeat, python=report.python)
            with report.progress(len(jobs)) as progress:
                bar = progress.add_task(f"Python {report.python}", total=len(jobs))
                async for ran in run_all(jobs, runner, at_once=at_once, limits=settings.limits):
                    report.runs.append(ran)
                    progress.advance(bar)
    finally:
        await runner.close()
    report.tell()
    return int(not report.ok)


async def _version(runner: LocalRunner) -> str:
    """Return the version of the Python that runs scenarios."""
    return (await collect(runner.run(RunRequest("", "version")))).python


class Report:
    """What a check found, and how it is told."""

    def __init__(self, inspection: Inspection, locale: Locale, *, as_json: bool) -> None:
        self.inspection = inspection
        self.discord: list[str] = []
        self.runs: list[Ran] = []
        self.python = ""
        self._say = FindingWords(locale)
        self._as_json = as_json

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        nothing = not self.inspection.problems and not self.discord
        return nothing and all(ran.verdict.ok for ran in self.runs)

    def progress(self, total: int) -> Progress:
        """Return a bar on stderr, for people only."""
        console = Console(stderr=True)
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=self._as_json or not console.is_terminal or not total,
            transient=True,
        )

    def tell(self) -> None:
        """Print everything that was found."""
        if self._as_json:
            click.echo(json.dumps(self._plain(), ensure_ascii=False, indent=2))
            return
        for problem in self.inspection.problems:
            click.echo(str(problem))
        for sentence in self.discord:
            click.echo(f"Discord: {sentence}")
        if self.runs:
            Console().print(self._table())
        lessons, files = len(self.inspection.lessons), self.inspection.files
        failed = sum(not ran.verdict.ok for ran in self.runs)
        on = f" on Python {self.python}" if self.python else ""
        click.echo(
            f"{files} files, {lessons} lessons; {len(self.inspection.problems)} problems; "
            f"{len(self.runs)} runs{on}, {failed} not as expected"
        )

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for title in ("", "lesson", "scenario", "runs", "ok", "measured"):
            table.add_column(title, justify="right" if title in {"runs", "ok"} else "left")
        for row in rows(self.runs):
            mark = Text("✓", "green") if row.ok else Text("~" if row.flaky else "✗", "red")
            counts = str(row.runs), str(row.runs - row.failed)
            times = f"{row.fastest:.3f} to {row.slowest:.3f} s"
            table.add_row(mark, row.lesson, row.scenario, *counts, times)
            for sentence in self._findings(row):
                table.add_row("", "", Text(f"  {sentence}", "yellow"), "", "", "")
        return table

    def _findings(self, row: Row) -> list[str]:
        told = [f"{locale}: {harmless(self._say.sentence(it))}" for locale, it in row.findings]
        return told[:_SHOWN_FINDINGS]

    def _plain(self) -> dict[str, object]:
        return {
            "ok": self.ok,
            "files": self.inspection.files,
            "lessons": [lesson.id for lesson in self.inspection.lessons],
            "problems": [
                {**asdict(problem), "file": str(problem.file)}
                for problem in self.inspection.problems
            ],
            "discord": self.discord,
            "python": self.python,
            "scenarios": [
                {
                    "lesson": row.lesson,
                    "id": row.scenario,
                    "runs": row.runs,
                    "failed": row.failed,
                    "flaky": row.flaky,
                    "fastest": round(row.fastest, 6),
                    "slowest": round(row.slowest, 6),
                    "findings": self._findings(row),
                }
                for row in rows(self.runs)
            ],
        }
