"""What `lessons check` found, told to an author or to a program."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.context import near
from bot.cli.exercise_report import (
    exercise_fields,
    exercise_lines,
    exercise_problem,
    failed_tries,
    place_in,
)
from bot.cli.inspection import Inspection
from bot.languages import Locale, locales
from bot.lessons.authoring.check import CheckRow, FailureReason, Ran, rows, runnable_on
from bot.lessons.files.document import Document
from bot.lessons.files.errors import LessonFileError, Problem
from bot.lessons.files.read_file import read_file
from bot.lessons.model import Scenario
from bot.text import visible
from bot.tutor.exercise_check import TriedExercise
from bot.tutor.words.differences import DifferenceWords

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
    tries: list[TriedExercise] = field(default_factory=list)
    """What was tried of the exercises."""

    @property
    def failed(self) -> int:
        """How many runs were not as expected."""
        return sum(not ran.verdict.ok for ran in self.runs) + len(failed_tries(self.tries))


class Report:
    """Collects what a check finds, and tells it."""

    def __init__(self, inspection: Inspection, locale: Locale, *, to_run: bool = True) -> None:
        """Start a report.

        :param to_run: whether runs are asked for; then a check that ran nothing is not green
        """
        self.inspection = inspection
        self._to_run = to_run
        self.discord: list[str] = []
        self.rounds: list[Round] = []
        self._say = DifferenceWords(locale)
        scenarios = (it.id for lesson in inspection.lessons for it in lesson.scenarios)
        self._place = {id_: number for number, id_ in enumerate(scenarios)}

    @property
    def ok(self) -> bool:
        """Whether there was something to check, and nothing is wrong with it."""
        nothing = not self.inspection.errors and not self.discord and not self.missing
        return nothing and not any(one.failed for one in self.rounds)

    @property
    def missing(self) -> str:
        """What there was not enough of to call anything right; "" if there was."""
        if not self.inspection.files:
            return "There is no lesson file (.yaml, .yml) to check. Check the path."
        if self._to_run and not any(one.runs or one.tries for one in self.rounds):
            return (
                "Nothing was run: no scenario can be run here. With --no-run, the files alone are "
                "checked."
            )
        return ""

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
            for line in exercise_lines(one.python, one.tries):
                click.echo(line)
        for line in self._sums():
            click.echo(line)
        if self.missing:
            click.echo(self.missing)

    def json(self) -> None:
        """Print everything as one JSON object."""
        click.echo(json.dumps(self._plain(), ensure_ascii=False, indent=2))

    def github(self) -> None:
        """Print a workflow command for each problem, which GitHub shows at the line in question."""
        for problem in self.inspection.problems:
            click.echo(annotation(replace(problem, file=near(problem.file))))
        for one in self.rounds:
            for row in self._rows(one):
                for problem in () if row.ok else (self._annotated(one, row),):
                    click.echo(annotation(problem))
            for tried in failed_tries(one.tries):
                click.echo(annotation(self._annotated_try(tried)))
        for sentence in filter(None, (*self.discord, self.missing)):
            click.echo(f"::error title=tutor lessons check::{_data(sentence)}")
        for line in self._sums():
            click.echo(line)

    def _annotated(self, one: Round, row: CheckRow) -> Problem:
        """Return a scenario's failed runs as a problem of its expectation."""
        told = "\n".join(self._failed(one, row)).strip().rstrip(".")
        file = self.inspection.sources[row.lesson]
        number = self._number_of(row)
        place = place_in(file, "scenarios", number, "expect")
        return Problem(near(file), *place, f"scenarios[{number}].expect", told)

    def _annotated_try(self, tried: TriedExercise) -> Problem:
        """Return a try that did not come out as it is to, at its exercise's place."""
        lesson = next(it for it in self.inspection.lessons if it.id == tried.made.lesson)
        number = [it.id for it in lesson.exercises].index(tried.made.exercise.id)
        return exercise_problem(tried, near(self.inspection.sources[lesson.id]), number)

    def _rows(self, one: Round) -> tuple[CheckRow, ...]:
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

    def _failed(self, one: Round, row: CheckRow) -> Iterator[str]:
        """Yield what was wrong with a scenario's runs."""
        sometimes = ": flaky" if row.flaky else ""
        yield (
            f"\n{row.scenario} ({row.lesson}) on Python {one.python}: "
            f"{row.failed} of {_count(row.runs, 'run')} not as expected{sometimes}"
        )
        for cause in row.failures:
            yield f"  {visible.line(str(cause))}{self._place_in_code(row, cause)}"
        for locale in locales():
            told = self._findings(row, locale)
            yield from (f"  {locale}: {sentence}" for sentence in told[:_SHOWN_FINDINGS])
            if len(told) > _SHOWN_FINDINGS:
                yield f"  {locale}: {self._say.more(len(told) - _SHOWN_FINDINGS)}"

    def _findings(self, row: CheckRow, locale: Locale) -> list[str]:
        """Return what was wrong in one language; of a crash, not all that it kept from printing."""
        found = [it for of, it in row.differences if of == locale]
        if any(it.kind == "outcome" for it in found):
            missing = sum(it.kind == "missing" for it in found)
            found = [it for it in found if it.kind != "missing"]
            rest = [self._say.unprinted(missing)] if missing else []
        else:
            rest = []
        return [visible.line(it) for it in (*map(self._say.sentence, found), *rest)]

    def _place_in_code(self, row: CheckRow, cause: FailureReason) -> str:
        """Return where in the lesson's file a line of the code stands; "" if that is not known."""
        file = self.inspection.sources[row.lesson]
        try:
            document = Document(file, read_file(file))
        except LessonFileError:  # it changed meanwhile
            return ""
        if cause.line is None:
            return ""
        loc = ("scenarios", self._number_of(row), "code")
        line, _ = document.place_inside(loc, cause.line, 1)
        return f" ({near(file)}:{line})"

    def _number_of(self, row: CheckRow) -> int:
        """Return the place of a row's scenario among those of its lesson, from 0."""
        lesson = next(it for it in self.inspection.lessons if it.id == row.lesson)
        return [it.id for it in lesson.scenarios].index(row.scenario)

    def _sums(self) -> Iterator[str]:
        """Yield the last lines."""
        found = self.inspection
        warned = sum(it.level == "warning" for it in found.problems)
        yield (
            f"\n{_count(found.files, 'file')}, {_count(len(found.lessons), 'lesson')}: "
            f"{_count(len(found.errors) + len(self.discord), 'problem')}"
            + (f", {_count(warned, 'warning')}" if warned else "")
        )
        for one in self.rounds:
            left_out = ", ".join(f"{it.id} (needs {it.python})" for it in self._left_out(one))
            yield (
                f"Python {one.python}: {_count(len(one.runs), 'run')} and "
                f"{len(one.tries)} of exercises in {one.seconds:.1f} s, "
                f"{one.failed} not as expected" + (f"; left out: {left_out}" if left_out else "")
            )

    def _left_out(self, one: Round) -> Iterable[Scenario]:
        """Return the scenarios that need a newer Python than the round's."""
        for lesson in self.inspection.lessons:
            yield from (it for it in lesson.scenarios if not runnable_on(it, one.python))

    def _plain(self) -> dict[str, object]:
        return {
            "ok": self.ok,
            "missing": self.missing,
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
                    "exercise_tries": len(one.tries),
                    "failed": one.failed,
                    "left_out": [it.id for it in self._left_out(one)],
                }
                for one in self.rounds
            ],
            "scenarios": [
                self._plain_row(one, row) for one in self.rounds for row in self._rows(one)
            ],
            "exercises": [
                fields for one in self.rounds for fields in exercise_fields(one.python, one.tries)
            ],
        }

    def _plain_row(self, one: Round, row: CheckRow) -> dict[str, object]:
        return {
            "python": one.python,
            "lesson": row.lesson,
            "id": row.scenario,
            "runs": row.runs,
            "failed": row.failed,
            "flaky": row.flaky,
            "fastest": round(row.fastest, 6),
            "slowest": round(row.slowest, 6),
            "failures": [str(cause) for cause in row.failures],
            "findings": {locale: self._findings(row, locale) for locale in locales()},
        }


_ANNOTATIONS = {"error": "error", "warning": "warning", "note": "notice"}


def annotation(problem: Problem) -> str:
    """Return a problem as a workflow command of GitHub Actions.

    Source of the form: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    where = {"file": str(problem.file), "line": problem.line, "col": problem.column}
    place = ",".join(f"{name}={_property(value)}" for name, value in where.items() if value)
    title = f",title={_property(problem.path)}" if problem.path else ""
    accepted = f"; accepted: {problem.accepted}" if problem.accepted else ""
    message = f"{problem.what}{accepted}. {problem.hint}".strip()
    return f"::{_ANNOTATIONS[problem.level]} {place}{title}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a workflow command's message: a line break would end it."""
    return visible.block(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    """Escape a workflow command's property, in which colons and commas end it, too."""
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def _count(number: int, what: str) -> str:
    """Return a number of things in English: "1 file", "2 files"."""
    return f"{number} {what}" + ("" if number == 1 else "s")
