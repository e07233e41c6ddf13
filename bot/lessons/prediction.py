"""What learners are offered to predict, beside what really happens: an author's honest quiz."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.lessons.expectation import CLASS_PATTERN
from bot.lessons.text import LessonPart, Sentence
from bot.runner.model import Outcome


class TimeChoice(LessonPart):
    """A wrong time that follows from a misconception."""

    seconds: Annotated[float, Field(ge=0, le=60)]
    """The time that one expects who believes it."""
    believes: Sentence
    """The answer to this choice: what would have to be true for it, and what is true instead."""


class EndingChoice(LessonPart):
    """A wrong ending that follows from a misconception."""

    outcome: Outcome = Outcome.OK
    """How one expects the run to end who believes it."""
    error: Annotated[str, StringConstraints(pattern=CLASS_PATTERN)] | None = None
    """With `outcome: error`: the class name of the exception that one expects."""
    believes: Sentence
    """The answer to this choice: what would have to be true for it, and what is true instead."""


MOST_LINES = 10
"""More printed lines are not put in order: that would take too much patience."""
MOST_DECOYS = 5
"""More lines that are never printed would be a puzzle of their own."""
MOST_CHOICES = 4
"""Wrong answers to one question."""
