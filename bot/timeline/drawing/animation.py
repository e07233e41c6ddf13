"""A finished run as an animated GIF: code beside the picture, with a line that runs through time.

At each moment the lines of the code at which tasks and threads stand are lit. A GIF is what chats
play by themselves. Frames differ little from one another, and only what differs is stored.
"""

import io
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageColor, ImageDraw

from bot.timeline.drawing.composition import Composition
from bot.timeline.drawing.png import GROUND, Painter
from bot.timeline.drawing.scene import PHONE_WIDTH, SMALL_SIZE, Word
from bot.timeline.model import Captions, Lane, Span, Timeline, hue_number

LARGEST: Final = 2**20
"""Bytes of a GIF."""

_FRAMES = 60
_FEWEST_FRAMES = 12
_SECONDS = 6.0
"""How long it plays, at least about, and at most."""
_LAST = 1.6
"""Seconds for which the last frame stands."""
_CODE_LINES = 34
"""Lines of the code that are shown: longer code is shown around what is lit."""
_ROW = 27
_COLUMNS = 58
_PAD = 22
_HUES = (
    "#aab4c4",
    "#6db6ff",
    "#ffab6b",
    "#6fd8a0",
    "#d3a2ff",
    "#ff94bd",
    "#62d6e2",
    "#dcca58",
    "#b1a8ff",
)
_LIT = 0.28
"""How much of its hue the ground of a lit line takes."""
_CODE, _QUIET, _NOW = "#e4e8f0", "#7b8798", "#ffffff"


def gif(timeline: Timeline, code: str, captions: Captions, painter: Painter) -> bytes:
    """Draw a finished run as a GIF that repeats, of at most `LARGEST` bytes.

    It takes processor time (about a second): call it in another process.

    :param painter: draws the picture that the now-line runs over
    """
    frames = _FRAMES
    while True:
        made = _Animation(timeline, code, captions, painter).encoded(frames)
        if len(made) <= LARGEST or frames <= _FEWEST_FRAMES:
            return made if len(made) <= LARGEST else b""
        frames = max(_FEWEST_FRAMES, frames * LARGEST // (2 * len(made)))


class _Animation:
    """Draws the frames of one run."""

    def __init__(self, timeline: Timeline, code: str, captions: Captions, painter: Painter) -> None:
        self._timeline = timeline
        self._lines = code.rstrip("\n").split("\n")
        self._painter = painter
        composition = Composition([timeline], captions, painter.text_width, PHONE_WIDTH)
        self._picture = painter.painted(composition.scene())
        self._x = composition.place_of
        shown = min(len(self._lines), _CODE_LINES)
        self._size = (PHONE_WIDTH, self._picture.height + 2 * _PAD + shown * _ROW)
        self._from = 0

    def encoded(self, frames: int) -> bytes:
        """Return the GIF of so many frames."""
        self._from = 0
        end = self._timeline.end
        moments = [end * place / (frames - 1) for place in range(frames)]
        palette = self._palette()
        # Made one by one, as they are stored: sixty at once are 70 MB.
        images = (
            self._frame(at).quantize(palette=palette, dither=Image.Dither.NONE) for at in moments
        )
        seconds = min(_SECONDS, max(end, _SECONDS / 2))
        pause = max(20, round(1000 * seconds / frames))
        file = io.BytesIO()
        next(images).save(
            file,
            "GIF",
            save_all=True,
            append_images=images,
            duration=[pause] * (frames - 1) + [round(1000 * _LAST)],
            loop=0,
            optimize=False,
            disposal=1,
        )
        return file.getvalue()

    def _palette(self) -> Image.Image:
        """Return a palette of what the picture, the text and each hue need."""
        sample = self._frame(0.0)
        canvas = ImageDraw.Draw(sample)
        height = sample.height // (2 * len(_HUES))
        for place, hue in enumerate(_HUES):
            top = place * height
            canvas.rectangle((0, top, PHONE_WIDTH // 3, top + height // 2), fill=hue)
            lit = (0, top + height // 2, PHONE_WIDTH // 3, top + height)
            canvas.rectangle(lit, fill=_dimmed(hue))
        return sample.quantize(128, method=Image.Quantize.MEDIANCUT)

    def _frame(self, at: float) -> Image.Image:
        """Draw the run as it stands at a moment."""
        image = Image.new("RGB", self._size, GROUND)
        image.paste(self._picture, (0, 0))
        canvas = ImageDraw.Draw(image)
        x = round(self._x(at))
        canvas.line((x, 0, x, self._picture.height), fill=_NOW, width=2)
        lit = self._lit(at)
        self._scroll(lit)
        for row, number in enumerate(range(self._from + 1, self._from + _CODE_LINES + 1)):
            if number <= len(self._lines):
                self._code_line(canvas, number, row, lit.get(number, ()))
        return image

    def _lit(self, at: float) -> dict[int, list[Lane]]:
        """Return the lines at which lanes stand, each with its lanes."""
        found: dict[int, list[Lane]] = {}
        for lane in self._timeline.lanes:
            if (line := line_at(lane, at)) is not None:
                found.setdefault(line, []).append(lane)
        return found

    def _scroll(self, lit: dict[int, list[Lane]]) -> None:
        """Keep the first lit line in sight, where the code is longer than its room."""
        if len(self._lines) <= _CODE_LINES or not lit:
            return
        first = min(lit)
        if not self._from < first <= self._from + _CODE_LINES:
            latest = len(self._lines) - _CODE_LINES
            self._from = min(max(0, first - _CODE_LINES // 3), latest)

    def _code_line(
        self, canvas: ImageDraw.ImageDraw, number: int, row: int, lanes: Sequence[Lane]
    ) -> None:
        y = self._picture.height + _PAD + row * _ROW
        if lanes:
            hue = _HUES[hue_number(lanes[0].id)]
            canvas.rectangle((0, y, PHONE_WIDTH, y + _ROW - 1), fill=_dimmed(hue))
            for place, lane in enumerate(lanes[:3]):
                left = place * 9
                colour = _HUES[hue_number(lane.id)]
                canvas.rectangle((left, y, left + 7, y + _ROW - 1), fill=colour)
        middle = y + _ROW / 2
        numbered = Word(66, middle, f"{number}", SMALL_SIZE, "quiet", "end")
        self._painter.write(canvas, numbered, _QUIET)
        text = self._lines[number - 1].replace("\t", "    ")[:_COLUMNS]
        indent = len(text) - len(text.lstrip(" "))
        code = Word(84 + indent * 11, middle, text.lstrip(" "), SMALL_SIZE, "name")
        self._painter.write(canvas, code, _CODE)


def _dimmed(hue: str) -> tuple[int, int, int]:
    """Return a hue as the ground of a lit line."""
    colour, ground = ImageColor.getrgb(hue), ImageColor.getrgb(GROUND)
    red, green, blue = (
        round(a * _LIT + b * (1 - _LIT)) for a, b in zip(colour[:3], ground[:3], strict=True)
    )
    return red, green, blue


def line_at(lane: Lane, at: float) -> int | None:
    """Return the code's line at which a lane stands at a moment: where it waits, or ran last."""
    index = bisect_right(lane.spans, at, key=lambda span: span.start) - 1
    if index < 0 or (at >= lane.end and (lane.ending is not None or at > lane.end)):
        return None
    span = lane.spans[index]
    return _printed_at(lane, span, at) or span.line


def _printed_at(lane: Lane, span: Span, at: float) -> int | None:
    """Return the line that printed last in a step, up to a moment."""
    if span.kind not in {"running", "blocked"}:
        return None
    lines = [it.line for it in lane.marks if it.kind == "line" and span.start <= it.at <= at]
    return lines[-1] if lines else None
