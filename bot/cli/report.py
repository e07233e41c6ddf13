"""What `lessons check` found, told to an author or to a program."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.context import near
from bot.cli.inspection import Inspection
from bot.lessons.check import Ran, Row, rows, runnable_on
from bot.lessons.model import LOCALES, Locale, Scenario
from bot.text import visible
from bot.tutor.words.findings import FindingWords

_SHOWN_FINDINGS = 4
"""How many differences of a scenario are told in each language."""


@dataclass(slots=True)
class Round:
    """Every scenario, run on one Python."""

    python: str
    """Its version."""
    seconds: float = 0.0
    """How long the whole round took."""
    runs: list[Ran] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many runs were not as expected."""
        return sum(not ran.verdict.ok for ran in self.runs)


class Report:
    """Collects what a check finds, and tells it."""

    def __init__(self, inspection: Inspection, locale: Locale) -> None:
        self.inspection = inspection
        self.discord: list[str] = []
        self.rounds: list[Round] = []
        self._say = FindingWords(locale)
        scenarios = (it.id for lesson in inspection.lessons for it in lesson.scenarios)
        self._place = {id_: number for number, id_ in enumerate(scenarios)}

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        nothing = not self.inspection.problems and not self.discord
        return nothing and not any(one.failed for one in self.rounds)

    def text(self) -> None:
        """Print everything for people: problems, one table, what each failure was, the sums."""
        for problem in self.inspection.problems:
            click.echo(str(replace(problem, file=near(problem.file))))
        for sentence in self.discord:
            click.echo(f"Discord: {sentence}")
        if any(one.runs for one in self.rounds):
            Console().print(self._table())
        for one in self.rounds:
            for row in self._rows(one):
                for line in () if row.ok else self._failed(one, row):
                    click.echo(line)
        for line in self._sums():
            click.echo(line)

    def json(self) -> None:
        """Print everything as one JSON object."""
        click.echo(json.dumps(self._plain(), ensure_ascii=False, indent=2))

    def _rows(self, one: Round) -> tuple[Row, ...]:
        """Return a round's rows in the order of the course."""
        return rows(sorted(one.runs, key=lambda ran: self._place[ran.job.scenario.id]))

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for title in ("", "lesson", "scenario", "Python", "runs", "ok", "measured"):
            table.add_column(
                title, justify="right" if title in {"runs", "ok"} else "left", no_wrap=True
            )
        for one in self.rounds:
            for row in self._rows(one):
                mark = Text("✓", "green") if row.ok else Text("~" if row.flaky else "✗", "red")
                counts = str(row.runs), str(row.runs - row.failed)
                times = f"{row.fastest:.3f} to {row.slowest:.3f} s"
                table.add_row(mark, row.lesson, row.scenario, one.python, *counts, times)
        return table

    def _failed(self, one: Round, row: Row) -> Iterator[str]:
        """Yield what was wrong with a scenario's runs."""
        sometimes = ": flaky" if row.flaky else ""
        yield (
            f"\n{row.scenario} ({row.lesson}) on Python {one.python}: "
            f"{row.failed} of {_count(row.runs, 'run')} not as expected{sometimes}"
        )
        yield from (f"  {visible.line(failure)}" for failure in row.failures)
        for locale in LOCALES:
            told = self._findings(row, locale)
            yield from (f"  {locale}: {sentence}" for sentence in told[:_SHOWN_FINDINGS])
            if len(told) > _SHOWN_FINDINGS:
                yield f"  {locale}: {self._say.more(len(told) - _SHOWN_FINDINGS)}"

    def _findings(self, row: Row, locale: Locale) -> list[str]:
        return [visible.line(self._say.sentence(it)) for of, it in row.findings if of == locale]

    def _sums(self) -> Iterator[str]:
        """Yield the last lines."""
        found = self.inspection
        yield (
            f"\n{_count(found.files, 'file')}, {_count(len(found.lessons), 'lesson')}: "
            f"{_count(len(found.problems) + len(self.discord), 'problem')}"
        )
        for one in self.rounds:
            left_out = ", ".join(f"{it.id} (needs {it.python})" for it in self._left_out(one))
            yield (
                f"Python {one.python}: {_count(len(one.runs), 'run')} in {one.seconds:.1f} s, "
                f"{one.failed} not as expected" + (f"; left out: {left_out}" if left_out else "")
            )

    def _left_out(self, one: Round) -> Iterable[Scenario]:
        """Return the scenarios that need a newer Python than the round's."""
        for lesson in self.inspection.lessons:
            yield from (it for it in lesson.scenarios if not runnable_on(it, one.python))

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
            "rounds": [
                {
                    "python": one.python,
                    "seconds": round(one.seconds, 3),
                    "runs": len(one.runs),
                    "failed": one.failed,
                    "left_out": [it.id for it in self._left_out(one)],
                }
                for one in self.rounds
            ],
            "scenarios": [
                self._plain_row(one, row) for one in self.rounds for row in self._rows(one)
            ],
        }

    def _plain_row(self, one: Round, row: Row) -> dict[str, object]:
        return {
            "python": one.python,
            "lesson": row.lesson,
            "id": row.scenario,
            "runs": row.runs,
            "failed": row.failed,
            "flaky": row.flaky,
            "fastest": round(row.fastest, 6),
            "slowest": round(row.slowest, 6),
            "failures": row.failures,
            "findings": {locale: self._findings(row, locale) for locale in LOCALES},
        }


def _count(number: int, what: str) -> str:
    """Return a number of things in English: "1 file", "2 files"."""
    return f"{number} {what}" + ("" if number == 1 else "s")
