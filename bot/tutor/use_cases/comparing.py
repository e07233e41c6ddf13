"""Use case: run scenarios at the same time and show them side by side."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.runner.model import Outcome
from bot.tutor import ending, following
from bot.tutor.grammar import spell
from bot.tutor.live_run import LiveRun, whole_output
from bot.tutor.model import (
    FEWEST_COMPARED,
    MOST_COMPARED,
    Ask,
    Choice,
    Choices,
    Code,
    Compare,
    Fold,
    Heading,
    Part,
    Reply,
    Table,
    Text,
    Update,
)
from bot.tutor.pictures import picture_of, picture_so_far
from bot.tutor.services import Parts, Services, too_old, underway
from bot.tutor.translation import listed
from bot.tutor.words import words


async def comparing(
    services: Services, library: Library, ask: Ask, names: Sequence[str]
) -> AsyncGenerator[Update]:
    """Run scenarios in one place of the queue; show one picture, a table, and why they differ.

    :raises UnknownNameError: if a scenario is not known
    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    say = words(ask.locale)
    scenarios = tuple(
        {it.id: it for it in map(library.scenario, names[: MOST_COMPARED + 1])}.values()
    )
    if not FEWEST_COMPARED <= len(scenarios) <= MOST_COMPARED:
        example = spell(Compare(("sync", "gather")), ask.locale)
        yield Reply.refusing(say.comparison.how_many(example))
        return
    live_runs = [services.live_run(scenario, ask) for scenario in scenarios]
    head: tuple[Part, ...] = (
        Heading(say.comparison.title),
        Text(
            "\n".join(f"- **{listed(it.title, ask.locale)}** (`{it.id}`)" for it in scenarios),
        ),
    )
    too_new = [it for it in scenarios if services.too_old_for(it)]
    if too_new:
        notes = [too_old(services, it, say) for it in too_new]
        rest = [it for it in scenarios if it not in too_new]
        yield Reply((*head, *notes, _without(rest, ask)), failed=True)
        return
    async with aclosing(underway(services, ask, live_runs, head, _so_far)) as updates:
        async for update in updates:
            yield update
    yield await services.made(lambda: _final(library, ask, scenarios, live_runs, head))


def _without(scenarios: Sequence[Scenario], ask: Ask) -> Choices:
    """Return what is left to do where some of the scenarios cannot run here."""
    together = tuple(it.id for it in scenarios)
    both = [following.compare_choice(together, ask.locale)] if len(together) > 1 else []
    return Choices((*both, *(following.run_choice(it, ask.locale) for it in scenarios)))


def _so_far(live_runs: Sequence[LiveRun]) -> Parts:
    """Return the table of runs under way and, where they are laid out, their picture."""
    return (*picture_so_far(live_runs), _table(live_runs))


def _table(live_runs: Sequence[LiveRun]) -> Table:
    """Return the measured times, as far as they are known."""
    say = words(live_runs[0].locale)
    rows = []
    for live_run in live_runs:
        outcome = live_run.finished.outcome if live_run.finished else None
        row = (str(outcome or say.comparison.running), "", "")
        if outcome and live_run.timeline:
            measure = live_run.timeline.measure
            time = say.run.milliseconds(measure.elapsed)
            row = (
                time if outcome is Outcome.OK else f"{time} ({outcome})",
                say.run.seconds(measure.waits),
                f"{round(measure.saved * 100)} %",
            )
        rows.append((live_run.name, *row))
    return Table(say.comparison.header, tuple(rows))


def _final(
    library: Library,
    ask: Ask,
    scenarios: Sequence[Scenario],
    live_runs: Sequence[LiveRun],
    head: Parts,
) -> Reply:
    """Return the whole reply to finished runs."""
    say = words(ask.locale)
    parts: list[Part] = [*head, *picture_of(live_runs, ask.locale), _table(live_runs)]
    parts += map(_fold, live_runs)
    for live_run in live_runs:
        told = [*ending.outcome(live_run, say), *ending.differences(live_run, say)]
        if told:
            parts += [Text(f"**{live_run.title}**"), *told]
    warnings = dict.fromkeys(
        note for live_run in live_runs for note in ending.run_warnings(live_run, say)
    )
    parts += [*warnings, *_why(library, scenarios, ask), _choices(scenarios, ask)]
    return Reply(
        tuple(parts),
        failed=any(live_run.cut_off for live_run in live_runs),
        attachment="\n".join(
            f"# {live_run.name}\n{whole_output(live_run.sequence())}" for live_run in live_runs
        ),
    )


def _fold(live_run: LiveRun) -> Fold:
    """Return a run's code and what it printed."""
    sequence = live_run.sequence()
    return Fold(live_run.title, (Code(live_run.request.code), sequence))


def _why(library: Library, scenarios: Sequence[Scenario], ask: Ask) -> Iterator[Part]:
    """Yield why the runs differ: as the lesson puts it, or else each scenario's own reason."""
    comparison = library.comparison(it.id for it in scenarios)
    if comparison:
        yield Text(comparison.why.text(ask.locale))
        return
    told = ((listed(it.title, ask.locale), it.because.text(ask.locale)) for it in scenarios)
    yield Text("\n".join(f"- **{title}** — {reason}" for title, reason in told))


def _choices(scenarios: Sequence[Scenario], ask: Ask) -> Choices:
    """Return what to do after a comparison."""
    say = words(ask.locale)
    again = Choice(say.comparison.again, Compare(tuple(it.id for it in scenarios)))
    return Choices((again, *(following.run_choice(it, ask.locale) for it in scenarios)))
