"""The replies around exercises: the list, a task, a hint, and what a try came to."""

from collections.abc import Iterator

from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.lessons.library import Library
from bot.tutor import following, goals
from bot.tutor.attempts import (
    Attempt,
    exemplar_attempt,
    goal_told,
    in_words,
    misconceptions,
    why_forbidden,
    why_not_passed,
)
from bot.tutor.ending import finished_reply, measured, outcome, refusals, run_warnings
from bot.tutor.forms import BlocksForm, Editor, NumberForm, OfferedReason, ReasonsForm
from bot.tutor.grading import Grade
from bot.tutor.grammar import spell
from bot.tutor.hints import hint_name
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Choice, Choices, Code, Heading, Note, Part, Reply, Solve, Text
from bot.tutor.run_parts import Picture
from bot.tutor.services import Parts
from bot.tutor.translation import mark
from bot.tutor.words import words
from bot.tutor.words.alt import alt_text

_MOST_FINDINGS = 3


def exercise_list(library: Library, locale: Locale) -> Reply:
    """Tell which exercises there are, lesson by lesson."""
    say = words(locale)
    rows: list[str] = []
    choices: list[Choice] = []
    for lesson in library.lessons:
        if lesson.exercises:
            rows.append(f"- **{lesson.title.text(locale)}**")
        for one in lesson.exercises:
            kind = say.exercise.kind(one.kind)
            rows.append(f"  - `{spell(Solve(one.id), locale)}` — {one.title.text(locale)} ({kind})")
            choices.append(following.exercise_choice(one, locale))
    if not rows:
        return Reply((Heading(say.exercise.list_title), Note(say.exercise.none, "warning")))
    parts = (
        Heading(say.exercise.list_title),
        Text("\n".join(rows)),
        Text(say.exercise.how_to_open(spell(Solve(say.exercise.name), locale))),
        Choices(tuple(choices)),
    )
    return Reply(parts, private=True)


def task_reply(library: Library, exercise: Exercise, locale: Locale, *, off: bool) -> Reply:
    """Set an exercise. Nothing runs.

    :param off: whether learners' own code may not run here
    """
    say = words(locale)
    parts: list[Part] = [
        Heading(say.exercise.title(exercise.title.text(locale))),
        *mark(exercise.title, locale),
        Text(exercise.task.text(locale)),
        *_goals(exercise, locale),
    ]
    if off and exercise.kind != "predict-why":
        parts.append(Note(say.own_code.off, "warning"))
    else:
        parts += _form(exercise, locale)
    choices = (
        hint_choice(exercise, 1, locale),
        *following.after_exercise(library, exercise, locale),
    )
    return Reply((*parts, Choices(choices)), private=True)


def _goals(exercise: Exercise, locale: Locale) -> Iterator[Part]:
    """Yield the goals as a list; those of a choice are its own secret."""
    if exercise.goal is not None:
        say = words(locale)
        wanted = goals.goals_wanted(exercise, exercise.goal, locale)
        rows = [f"- {say.goals.goal(it)}" for it in wanted]
        yield Text("\n".join([say.exercise.goals, "", *rows]))


def _form(exercise: Exercise, locale: Locale) -> Iterator[Part]:
    """Yield what the answer is given with."""
    say = words(locale).exercise
    starter = in_words(exercise, exercise.starter, locale)
    if exercise.kind == "fix":
        yield Code(starter)
        yield Editor(starter, exercise.id)
    elif exercise.kind == "build":
        if starter:
            yield Code(starter)
        yield Text(say.blocks)
        blocks = tuple(in_words(exercise, it.code, locale) for it in exercise.blocks_shown)
        places = sum(it.decoy is None for it in exercise.blocks)
        yield BlocksForm(exercise.id, blocks, places, starter)
    elif exercise.number is not None:
        number = exercise.number
        yield Code(starter)
        yield Text(say.number(number.name, number.least, number.most))
        yield NumberForm(exercise.id, number.name, starter, number.least, number.most)
    else:
        yield Code(in_words(exercise, exercise.code, locale))
        yield Text(say.pick)
        reasons = (OfferedReason(it.id, it.text.text(locale)) for it in exercise.choices_shown)
        yield ReasonsForm(exercise.id, tuple(reasons))


def hint_choice(exercise: Exercise, number: int, locale: Locale) -> Choice:
    """Return the way to a hint; to the exemplar, once there is no hint of that number."""
    label = words(locale).exercise.hint(number, len(exercise.hints))
    return Choice(label, Solve(hint_name(exercise.id, number)))


def hint_reply(library: Library, exercise: Exercise, number: int, locale: Locale) -> Reply:
    """Give one hint; after the last comes the exemplar, explained."""
    say = words(locale).exercise
    back = Choice(say.again, Solve(exercise.id))
    heading = Heading(say.title(exercise.title.text(locale)))
    if 1 <= number <= len(exercise.hints):
        text = f"**{say.hint(number, len(exercise.hints))}.** "
        note = Note(text + exercise.hints[number - 1].text(locale))
        choices = (hint_choice(exercise, number + 1, locale), back)
        return Reply((heading, note, Choices(choices)), private=True)
    choice = exercise.choice(exercise.exemplar)
    solved = (
        Text(f"**{choice.text.text(locale)}**")
        if choice
        else Code(exemplar_attempt(exercise, locale).code)
    )
    parts: tuple[Part, ...] = (
        heading,
        Text(f"**{say.exemplar}**"),
        solved,
        Text(exercise.because.text(locale)),
        Choices((back, *following.after_exercise(library, exercise, locale))),
    )
    return Reply(parts, private=True)


def graded_reply(
    library: Library,
    exercise: Exercise,
    attempt: Attempt,
    *,
    live_runs: tuple[LiveRun, ...],
    head: Parts,
    grade: Grade,
) -> Reply:
    """Return what a try came to: the verdict, goal by goal, and why.

    :param live_runs: its run, and for one that passed the exemplar's
    :param head: what stands above
    """
    live_run = live_runs[0]
    locale, say = live_run.locale, words(live_run.locale)
    timelines = tuple(one.timeline for one in live_runs if one.timeline)
    sequence = live_run.sequence()
    parts: list[Part] = [*head, *_verdict(exercise, attempt, grade, locale)]
    if sequence.lines:
        parts.append(sequence)
    if timelines:
        parts.append(Picture(timelines, alt_text(timelines, locale)))
    parts += [
        *measured(live_run, say),
        *outcome(live_run, say),
        *refusals(live_run, say),
        *run_warnings(live_run, say),
    ]
    if grade.passed:
        parts.append(Text(exercise.because.text(locale)))
        choices = [*following.after_exercise(library, exercise, locale)]
    else:
        if not grade.late:
            parts += _why(exercise, attempt, live_run, grade)
        choices = [hint_choice(exercise, 1, locale)]
    again = Choice(say.exercise.again, Solve(exercise.id))
    return finished_reply(live_run, sequence, *parts, Choices((again, *choices)))


def _verdict(exercise: Exercise, attempt: Attempt, grade: Grade, locale: Locale) -> Iterator[Part]:
    """Yield whether it passed, and each goal with whether it was met."""
    say = words(locale).exercise
    met = sum(goal.met and not goal.undecided for goal in grade.goals)
    if grade.late:
        yield Note(say.late(grade.held_up), "warning")
        if exercise.kind != "predict-why":  # what a reason would mean is told once it is judged
            yield _goals_met(grade, locale)
        return
    if choice := exercise.choice(attempt.answer):
        yield Text(f"**{choice.text.text(locale)}**")
        verdict = say.right_reason if grade.passed else say.wrong_reason
        yield Note(verdict, "good" if grade.passed else "warning")
        missed = next((goal for goal in grade.goals if goal.failed), None)
        if missed:
            yield Text(say.claimed(goal_told(missed, locale)))
        yield Text(choice.believes.text(locale))
        return
    if grade.passed:
        yield Note(say.passed, "good")
    else:
        yield Note(say.not_yet(met, len(grade.goals)), "warning")
    yield _goals_met(grade, locale)


def _goals_met(grade: Grade, locale: Locale) -> Text:
    """List the goals: met, missed, or undecided."""
    rows = [
        f"- {'?' if it.undecided else '✓' if it.met else '✗'} {goal_told(it, locale)}"
        for it in grade.goals
    ]
    return Text("\n".join(rows))


def _why(exercise: Exercise, attempt: Attempt, live_run: LiveRun, grade: Grade) -> Iterator[Part]:
    """Yield what explains a wrong try: what its blocks stand for, and what its run shows."""
    say = words(live_run.locale)
    failure = live_run.result.finished.failure
    if failure and failure.type == "SyntaxError":
        yield Note(
            why_not_passed(exercise, attempt, live_run.result, grade, live_run.locale), "warning"
        )
    for because in why_forbidden(exercise, grade, live_run.locale):
        yield Note(because, "warning")
    for belief in misconceptions(exercise, attempt, live_run.locale):
        yield Note(say.exercise.misconception(belief), "warning")
    found = [it for it in grade.findings if it.kind != "refused"][:_MOST_FINDINGS]
    if found and exercise.kind != "predict-why":
        rows = [f"- {say.why.sentence(it)}" for it in found]
        lines = tuple(it.line for it in found)
        yield Note("\n".join([f"**{say.why.title}**", "", *rows]), lines=lines)
