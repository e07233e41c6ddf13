"""The shapes that a picture is made of, placed; drawn as pixels or as SVG.

Lengths are in units: pixels of the PNG. A page shows `WIDTH` of them; a chat app on a phone shows
a picture about 350 pixels wide, so there it has `PHONE_WIDTH`: the smallest type, 23 units, is 11
pixels then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.timeline.model import MarkKind, SpanKind

WIDTH, PHONE_WIDTH = 960, 720

TITLE_SIZE = 34
NAME_SIZE = 26
SMALL_SIZE = 23
"""Sizes of type."""

WordRole = Literal["title", "name", "quiet", "inside", "alarm", "warning"]
RuleRole = Literal["grid", "branch", "finish"]
Anchor = Literal["start", "middle", "end"]

TextWidth = Callable[[str, int], float]
"""How wide a text is at a size of type."""


@dataclass(frozen=True, slots=True)
class Word:
    """Some text. `y` is its middle; `x` what the anchor says."""

    x: float
    y: float
    text: str
    size: int
    role: WordRole
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of one state."""

    kind: SpanKind
    x: float
    y: float
    width: float
    height: float
    title: str = ""
    """Says on hover what it is."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A quiet ground under text that stands on a bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A printed line. `x` is its middle."""

    x: float
    y: float
    height: float
    kind: SpanKind = "running"
    """What the lane that printed it was doing, to be seen on both sides of the tick."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """How a lane ended, where that was not well. `x` and `y` are its middle."""

    kind: MarkKind
    x: float
    y: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line."""

    role: RuleRole
    x0: float
    y0: float
    x1: float
    y1: float


Shape = Word | Bar | Plate | Tick | Sign | Rule

SIGN = 12
"""A sign's radius."""

TICK_WIDTH = 7
"""A tick's width with what is seen on both sides of it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: shapes in the order in which they are painted."""

    width: int
    height: int
    title: str
    shapes: tuple[Shape, ...]
