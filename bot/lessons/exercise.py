"""What an exercise is: something that learners do, and the goals that its real run must meet.

Goals are about what a run does (its time, its order, what waited at the same time), never about
how the code is written; `forbid` alone looks at that.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, StringConstraints

from bot.lessons.expectation import (
    CLASS_PATTERN,
    Before,
    Elapsed,
    Expected,
    ExpectedLine,
    ExpectedLines,
)
from bot.lessons.text import Alias, LessonPart, Localized, Name, Paragraphs, Sentence, Title
from bot.runner.model import Outcome

ExerciseKind = Literal["fix", "build", "tune", "predict-why"]
"""fix: repair the code. build: put blocks in order. tune: change one number. predict-why: say why
a run does what it does."""

RESERVED: Final = frozenset({"list", "show", "check"})
"""Ids that no exercise may have: `tutor exercise` has verbs of these names."""
LONGEST_EXERCISE_ID: Final = 25
"""Characters of an id: a hint's name holds it, and is an id itself (`bot.tutor.hints`)."""
FEWEST_BLOCKS, MOST_BLOCKS = 5, 8
MOST_PLACED: Final = 5
"""Blocks of a solution, at most: so many menus fit a form on Discord."""
IDENTIFIER_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,39}$"
DOTTED_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,4}$"
NUMBER_PATTERN = r"^\d{1,4}(\.\d{1,3})?$"

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER_PATTERN)]
Dotted = Annotated[str, StringConstraints(pattern=DOTTED_PATTERN)]
Source = Annotated[str, StringConstraints(max_length=3_000)]
Item = TypeVar("Item")


class Moment(LessonPart):
    """When a line is printed."""

    line: ExpectedLine
    """The line, as in `order`."""
    about: Annotated[float, Field(ge=0, le=60)]
    """Seconds since the start."""
    tolerance: Annotated[float, Field(gt=0, le=60)] = 0.15
    """How much earlier or later is accepted."""


class Overlap(LessonPart):
    """How many waits go on at the same time, as they were recorded."""

    of: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=8)]
    """The functions in whose code the waits stand; also those of threads."""
    together: Annotated[int, Field(ge=2, le=100)] | None = None
    """So many of them, at least, are under way at one moment."""
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    """Never more of them than this at one moment."""


class Stays(LessonPart):
    """Work that must still be done: nobody may meet the goals by leaving it out."""

    of: Identifier
    """The function in whose code the waits stand."""
    seconds: Annotated[float, Field(gt=0, le=60)]
    """How long each of them takes, at least."""
    times: Annotated[int, Field(ge=1, le=1_000)] = 1
    """How many of them there are, at least."""


class Goal(LessonPart):
    """What a run must do; everything that is given must hold."""

    outcome: Outcome = Outcome.OK
    """How it ends."""
    error: Annotated[str, StringConstraints(pattern=CLASS_PATTERN)] | None = None
    """With `outcome: error`: the class name of the exception that ends it."""
    elapsed: Elapsed | None = None
    """How long it takes."""
    order: ExpectedLines = ()
    """Lines that are printed in this order. Others may stand between them."""
    before: tuple[Before, ...] = ()
    """Pairs of lines of which one comes before the other, wherever they stand."""
    moments: tuple[Moment, ...] = ()
    """When some lines are printed."""
    overlap: tuple[Overlap, ...] = ()
    """How many waits go on at the same time."""
    stays: tuple[Stays, ...] = ()
    """The work that must still be done."""
    unblocked: bool = False
    """`true`: nothing holds the event loop for long."""
    nothing_lost: bool = False
    """`true`: no coroutine is forgotten, no task cut off, no exception lost."""

    @property
    def expected(self) -> Expected:
        """The part of it that is about lines and the ending, as it is judged for scenarios."""
        return Expected(
            outcome=self.outcome,
            error=self.error,
            lines=self.order,
            complete=False,
            before=self.before,
        )


class CodeBlock(LessonPart):
    """One piece of a program that is to be put together."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    """Whole lines, indented as they stand in the program."""
    decoy: Sentence | None = None
    """For a block that belongs nowhere: the misconception that it stands for, as an answer."""


class WhyChoice(LessonPart):
    """One reason to choose, told by what the run would do if it were the reason."""

    id: Name
    """What is handed in."""
    text: Sentence
    """The reason, as it is offered."""
    claim: Goal
    """What the run does if this is so. The real run decides: it holds for the right one alone."""
    believes: Sentence
    """The answer to a learner who chooses it: to a wrong one, what is true instead; to the right
    one, why it is."""


class TunedNumber(LessonPart):
    """The one number that is changed."""

    name: Identifier
    """The constant that a line of the starter gives a number: `LIMIT = 1`."""
    least: Annotated[float, Field(ge=0, le=1_000)]
    """The least number that may be tried."""
    most: Annotated[float, Field(gt=0, le=1_000)]
    """The greatest number that may be tried."""


class Forbidden(LessonPart):
    """Something that the code may not use."""

    name: Dotted
    """As it is written with its module: `time.sleep`; or a module: `threading`."""
    because: Sentence
    """Why not, and what to do instead."""


class Exercise(LessonPart):
    """Something that learners do themselves, graded by a real run."""

    id: Annotated[Name, StringConstraints(max_length=LONGEST_EXERCISE_ID)]
    """What `/exercise` takes; at most 25 characters. Unique among all exercises; not `list`, `show`
    or `check`."""
    kind: ExerciseKind
    """`fix`, `build`, `tune` or `predict-why`."""
    title: Title
    """Shown as the heading; at most 80 characters."""
    aliases: tuple[Alias, ...] = ()
    """Other names that learners may type, in any language."""
    task: Paragraphs
    """What is to be done, and what must stay. It names every goal."""
    starter: Source = ""
    """The code to begin with; `<<key>>` as in scenarios. For `build`: what stands above the
    blocks. For `predict-why`: nothing."""
    code: Source = ""
    """For `predict-why`: the code whose run is to be explained."""
    phrases: dict[Name, Localized] = Field(default_factory=dict)
    """The printed phrases, as in scenarios."""
    goal: Goal | None = None
    """What the run must do; for `predict-why`, the choices' claims say that."""
    exemplar: Source = ""
    """A solution: for `fix` the code, for `tune` the number, for `predict-why` the choice's id.
    For `build`, the blocks without decoys are one as they are listed."""
    because: Paragraphs
    """Explains the exemplar: why it meets the goals."""
    hints: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=4)]
    """Given one at a time, each telling a little more. After the last comes the exemplar."""
    blocks: Annotated[tuple[CodeBlock, ...], Field(max_length=MOST_BLOCKS)] = ()
    """For `build`: 5 to 8, in the order of a solution, with at least one decoy among them."""
    choices: Annotated[tuple[WhyChoice, ...], Field(max_length=5)] = ()
    """For `predict-why`: 3 to 5 reasons, of which one is right."""
    number: TunedNumber | None = None
    """For `tune`: the number that is changed."""
    forbid: Annotated[tuple[Forbidden, ...], Field(max_length=5)] = ()
    """What the code may not use, where that matters."""

    @property
    def blocks_shown(self) -> tuple[CodeBlock, ...]:
        """The blocks in an order that tells nothing, the same one each time."""
        mixed = mixed_up(self.id, self.blocks)
        right = [block for block in mixed if block.decoy is None]
        solved = [block for block in self.blocks if block.decoy is None]
        return mixed if right != solved else mixed[::-1]

    @property
    def choices_shown(self) -> tuple[WhyChoice, ...]:
        """The choices in an order that tells nothing, the same one each time."""
        return mixed_up(self.id, self.choices)

    def choice(self, id_: str) -> WhyChoice | None:
        """Return the choice of this id, or None."""
        return next((it for it in self.choices if it.id == id_), None)

    @property
    def solution(self) -> str:
        """What the exemplar hands in: a program, or for `predict-why` a choice's id."""
        if self.kind == "build":
            return assembled(self.starter, [it.code for it in self.blocks if it.decoy is None])
        if self.kind == "tune" and self.number is not None:
            return tuned(self.starter, self.number.name, self.exemplar)
        return self.exemplar

    @property
    def solved_code(self) -> str:
        """The program that runs where the exemplar is handed in."""
        return self.code if self.kind == "predict-why" else self.solution

    def goal_of(self, answer: str) -> Goal | None:
        """Return what the run of an answer must do; None for a choice that is none."""
        if self.kind != "predict-why":
            return self.goal or Goal()
        choice = self.choice(answer)
        return choice.claim if choice else None


def assembled(above: str, blocks: Sequence[str]) -> str:
    """Return the program of these blocks, below what stands above them."""
    indented = bool(blocks) and blocks[0][:1].isspace()
    gap = "\n" if indented else "\n\n\n"
    head = f"{above.rstrip()}{gap}" if above.strip() else ""
    return head + "".join(f"{block.rstrip()}\n" for block in blocks)


def tuned(code: str, name: str, number: str) -> str:
    """Return code in which the first line that gives `name` a number gives it this one."""
    return _given(name).sub(lambda found: found[1] + number, code, count=1)


def number_in(code: str, name: str) -> str:
    """Return the number that the first such line of the code gives `name`; "" for none."""
    found = _given(name).search(code)
    return found[2] if found else ""


def _given(name: str) -> re.Pattern[str]:
    return re.compile(rf"^(\s*{re.escape(name)}\s*=\s*)([-+0-9.]+)", re.MULTILINE)


def mixed_up(
    id_: str, items: Sequence[Item], told: Callable[[Item], str] = lambda _item: ""
) -> tuple[Item, ...]:
    """Return items in an order that says nothing, the same one each time.

    It depends on the id of the exercise or scenario, on the items' places, and on what is `told`
    of each.
    """

    def key(numbered: tuple[int, Item]) -> bytes:
        number, item = numbered
        return hashlib.sha256(f"{id_}\0{number}{told(item)}".encode()).digest()

    return tuple(item for _, item in sorted(enumerate(items), key=key))
