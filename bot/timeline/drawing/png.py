"""Timelines as a PNG, in Latin and Hangul, on a dark ground of its own.

The ground makes the picture look the same on a dark and on a light page. Colours are chosen so
that they differ in lightness, too, and each state has a texture: solid, hatched, dotted, crossed.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

from noto_cjk_sans_otc import FONT_PATH  # type: ignore[import-untyped]  # it ships no types
from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.timeline.drawing.composition import Composition
from bot.timeline.drawing.scene import (
    NAME_SIZE,
    PHONE_WIDTH,
    SIGN,
    SMALL_SIZE,
    TICK_WIDTH,
    TITLE_SIZE,
    Anchor,
    Bar,
    Plate,
    Rule,
    RuleRole,
    Scene,
    Shape,
    Sign,
    Tick,
    Word,
    WordRole,
)
from bot.timeline.model import Captions, SpanKind, Timeline

_KOREAN_FACE = 1
"""The index of Noto Sans CJK KR in the collection (its fonts stand in the order JP, KR, SC, …)."""

GROUND = "#16191f"
"""The ground of every picture in pixels."""
_BRIGHT = "#ffffff"
_CANCELLED = "#ff9de2"
_WORDS: dict[WordRole, str] = {
    "title": _BRIGHT,
    "name": _BRIGHT,
    "quiet": "#b4bcc8",
    "inside": _BRIGHT,
    "alarm": _BRIGHT,
    "warning": "#ffc24b",
}
_RULES: dict[RuleRole, str] = {"grid": "#2d333d", "branch": "#6b7686", "finish": "#b4bcc8"}
_BARS: dict[SpanKind, tuple[str, str]] = {
    "running": ("#45b1f3", "#45b1f3"),
    "waiting": ("#262d39", "#566479"),
    "ready": ("#3a2f14", "#f7b731"),
    "blocked": ("#e5443b", "#a8231f"),
}
"""Each state's ground and texture."""

_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}

_SHARP = 4
"""How much larger textures are drawn before they are scaled down, to smooth their edges."""

_UNKNOWN = "\N{WHITE SQUARE}"
"""Stands for a character that the font lacks."""

_BLENDS = 14
"""Shades between two colours that meet, for smooth edges."""


class Painter:
    """Draws pictures. Holds the fonts and textures, so keep one; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._fonts = {
            size: ImageFont.truetype(
                str(FONT_PATH),
                size,
                index=_KOREAN_FACE,
                layout_engine=ImageFont.Layout.BASIC,
            )
            for size in (TITLE_SIZE, NAME_SIZE, SMALL_SIZE)
        }
        self._nothing = bytes(self._fonts[SMALL_SIZE].getmask("\U000f0000"))
        self._glyph = lru_cache(maxsize=4096)(self._look_up)
        self._texture = lru_cache(maxsize=64)(_texture)
        self._palette = _palette()

    def png(self, timelines: Sequence[Timeline], captions: Captions) -> bytes:
        """Draw timelines on a shared axis; return a PNG.

        It takes processor time (some 30 ms for a lesson's run): call it in a thread.
        """
        with self._lock:
            composition = Composition(timelines, captions, self.text_width, PHONE_WIDTH)
            image = self.painted(composition.scene())
        small = image.quantize(palette=self._palette, dither=Image.Dither.NONE)
        file = io.BytesIO()
        small.save(file, "PNG", compress_level=6)
        return file.getvalue()

    def painted(self, scene: Scene) -> Image.Image:
        """Return a scene in all its colours."""
        image = Image.new("RGB", (scene.width, scene.height), GROUND)
        canvas = ImageDraw.Draw(image)
        for shape in scene.shapes:
            self._paint(shape, image, canvas)
        return image

    def write(self, canvas: ImageDraw.ImageDraw, word: Word, colour: str) -> None:
        """Write a word in a colour of its own."""
        canvas.text(
            (word.x, round(word.y + word.size * 0.36)),
            self._drawable(word.text),
            font=self._fonts[word.size],
            fill=colour,
            anchor=_ANCHORS[word.anchor],
            stroke_width=0.4 if word.role == "title" else 0,
        )

    def text_width(self, text: str, size: int) -> float:
        """Return how wide a text is at one of the sizes of type."""
        return self._fonts[size].getlength(self._drawable(text))

    def _drawable(self, text: str) -> str:
        return "".join(map(self._glyph, text))

    def _look_up(self, character: str) -> str:
        """Return the character, or what stands for it if the font lacks it."""
        mask = bytes(self._fonts[SMALL_SIZE].getmask(character))
        return _UNKNOWN if mask == self._nothing else character

    def _paint(self, shape: Shape, image: Image.Image, canvas: ImageDraw.ImageDraw) -> None:
        match shape:
            case Bar():
                texture = self._texture(shape.kind, round(shape.height))
                x, y = round(shape.x), round(shape.y)
                part = texture.crop((x, 0, x + max(round(shape.width), 1), texture.height))
                image.paste(part, (x, y - (texture.height - round(shape.height)) // 2))
            case Word():
                self.write(canvas, shape, _WORDS[shape.role])
            case Plate():
                corners = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
                canvas.rounded_rectangle(corners, 7, fill=GROUND)
            case Tick():
                x, y, height = int(shape.x), round(shape.y), round(shape.height)
                side = TICK_WIDTH // 2
                bar = (x - side, y + 4, x + side, y + height - 5)
                canvas.rectangle(bar, fill=_BARS[shape.kind][0])
                canvas.rectangle((x - 1, y, x + 1, y + height - 1), fill=_BRIGHT)
            case Sign():
                _sign(shape, canvas)
            case Rule():
                width = 1 if shape.role == "grid" else 2
                ends = (round(shape.x0), round(shape.y0), round(shape.x1), round(shape.y1))
                canvas.line(ends, fill=_RULES[shape.role], width=width)


def _sign(sign: Sign, canvas: ImageDraw.ImageDraw) -> None:
    """Paint a crossed ring for a cancellation, a filled disc with a stroke for an exception."""
    x, y, r = sign.x, sign.y, SIGN - 1
    ring = (x - r, y - r, x + r, y + r)
    if sign.kind == "cancelled":
        canvas.ellipse(ring, fill=GROUND, outline=_CANCELLED, width=3)
        d = r * 0.64
        canvas.line((x - d, y + d, x + d, y - d), fill=_CANCELLED, width=3)
        return
    canvas.ellipse(ring, fill=_BARS["blocked"][0], outline=_BRIGHT, width=2)
    canvas.rectangle((x - 1, y - 6, x + 1, y + 1), fill=_BRIGHT)
    canvas.rectangle((x - 1, y + 4, x + 1, y + 6), fill=_BRIGHT)


def _palette() -> Image.Image:
    """Return every colour that a picture can hold: the given ones, and what smooths their edges.

    A palette known beforehand keeps each colour exact, and costs no time to find.
    """
    meetings = [(GROUND, colour) for colour in (*_WORDS.values(), *_RULES.values(), _CANCELLED)]
    meetings += [*_BARS.values(), *((ground, _BRIGHT) for ground, _ in _BARS.values())]
    colours = dict.fromkeys(
        tuple(round(a + (b - a) * step / _BLENDS) for a, b in zip(*pair, strict=True))
        for pair in (tuple(map(ImageColor.getrgb, meeting)) for meeting in dict.fromkeys(meetings))
        for step in range(_BLENDS + 1)
    )
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in list(colours)[:256] for channel in colour])
    return palette


def _texture(kind: SpanKind, height: int) -> Image.Image:
    """Return a state's look as a strip to cut bars from, so that neighbours' textures meet."""
    ground, ink = _BARS[kind]
    height += 4 if kind == "blocked" else 0
    large = Image.new("RGB", (_TILE * _SHARP, height * _SHARP), ground)
    canvas = ImageDraw.Draw(large)
    step, size = large.size
    starts = range(-size - step, size + 2 * step, step)
    if kind in {"waiting", "blocked"}:
        for x in starts:
            canvas.line((x, size, x + size, 0), fill=ink, width=3 * _SHARP)
    if kind == "blocked":
        for x in starts:
            canvas.line((x, 0, x + size, size), fill=ink, width=3 * _SHARP)
    if kind == "ready":
        _dots(canvas, step, size, ink)
    tile = large.resize((_TILE, height), Image.Resampling.BOX)
    if kind in {"waiting", "ready"}:
        ImageDraw.Draw(tile).line((0, 0, _TILE, 0), fill=ink)
        ImageDraw.Draw(tile).line((0, height - 1, _TILE, height - 1), fill=ink)
    whole = Image.new("RGB", (_LENGTH, height), ground)
    for x in range(0, _LENGTH, _TILE):
        whole.paste(tile, (x, 0))
    return whole


def _dots(canvas: ImageDraw.ImageDraw, step: int, size: int, ink: str) -> None:
    """Paint dots in staggered rows."""
    r = 2.4 * _SHARP
    for row, y in enumerate(range(step // 4, size, step // 2)):
        for x in (0, step) if row % 2 else (step // 2,):
            canvas.ellipse((x - r, y - r, x + r, y + r), fill=ink)


_TILE = 14
"""The period of the textures."""

_LENGTH = 1024
"""As long as any bar's right edge may stand."""


def png(timelines: Sequence[Timeline], captions: Captions) -> bytes:
    """Draw timelines once. To draw many pictures, keep a `Painter`."""
    return Painter().png(timelines, captions)
