"""Timelines as SVG, for a page or a file: no script, no style, nothing from elsewhere.

It takes the colour of the text around it (`currentColor`), and `--timeline-ground` is the page's
ground, so that it fits dark and light pages. Looks are presentation attributes, which a strict
content security policy allows; each shape also has a class, for a page that wants other looks.
Hovering over a shape says what it is.
"""

import hashlib
from collections.abc import Sequence
from html import escape

from wcwidth import wcswidth

from bot.text.visible import label
from bot.timeline.drawing.composition import Composition
from bot.timeline.drawing.scene import (
    SIGN,
    TICK_WIDTH,
    Bar,
    Plate,
    Rule,
    Scene,
    Shape,
    Sign,
    Tick,
    Word,
    WordRole,
)
from bot.timeline.model import Captions, SpanKind, Timeline

_RUNNING, _BLOCKED, _READY, _CANCELLED = "#2f97dd", "#d93a31", "#d98e04", "#c2479f"
_GROUND = "var(--timeline-ground, Canvas)"
_FONT = "system-ui, 'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif"

_WORDS: dict[WordRole, str] = {
    "title": 'fill="currentColor" font-weight="600"',
    "name": 'fill="currentColor"',
    "quiet": 'fill="currentColor" fill-opacity=".75"',
    "inside": 'fill="currentColor"',
    "alarm": 'fill="#fff" font-weight="600"',
    "warning": 'fill="currentColor" font-weight="600"',
}

_COLUMN = 0.57
"""The width of a Latin letter in a sans-serif type, as a share of its size, on the safe side."""

_TITLE_LIMIT = 400

_STANDALONE = "<style>svg{color-scheme:light dark;color:CanvasText;background:Canvas}</style>"


def svg(
    timelines: Sequence[Timeline],
    captions: Captions,
    *,
    description: str = "",
    standalone: bool = False,
) -> str:
    """Draw timelines on a shared axis; return one `<svg>` element.

    `description` says in words what the picture shows. With `standalone`, for a file of its own,
    it brings its own ground and text colour, which follow the reader's preference for dark or
    light; without, it is for a page, whose policy may forbid styles.
    """
    scene = Composition(timelines, captions, _text_width).scene()
    content = repr((scene, description)).encode("utf-8", "replace")
    name = f"t{hashlib.sha256(content).hexdigest()[:10]}"
    body = "\n".join(_shape(shape, name) for shape in scene.shapes)
    return (
        f"{_opening(scene, name, description)}\n{_STANDALONE if standalone else ''}"
        f"{_patterns(name)}\n{body}\n</g></svg>"
    )


def _text_width(text: str, size: int) -> float:
    """Estimate a text's width: the reader's fonts are not known here."""
    columns = wcswidth(text)
    wide = sum(1 for character in text if wcswidth(character) == 2)  # noqa: PLR2004 - East Asian
    return size * ((max(columns, 0) - 2 * wide) * _COLUMN + wide)


def _text(text: str) -> str:
    """Return a stranger's text as XML character data or attribute value."""
    return escape(label(text, _TITLE_LIMIT))


def _opening(scene: Scene, name: str, description: str) -> str:
    """Return the element's start: its size, what it is called, and how its text looks."""
    labels = f"{name}-title {name}-desc" if description else f"{name}-title"
    desc = f'<desc id="{name}-desc">{escape(label(description, 2000))}</desc>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="timeline" role="img" '
        f'aria-labelledby="{labels}" viewBox="0 0 {scene.width} {scene.height}" width="100%">'
        f'<title id="{name}-title">{_text(scene.title)}</title>{desc if description else ""}'
        f'<g font-family="{escape(_FONT)}" dominant-baseline="central">'
    )


def _patterns(name: str) -> str:
    """Return the textures of the states."""
    start = 'patternUnits="userSpaceOnUse" width="12" height="12"'
    stroke = 'stroke="currentColor" stroke-opacity=".5" stroke-width="3"'
    return (
        "<defs>"
        f'<pattern id="{name}-waiting" {start} patternTransform="rotate(45)">'
        '<path d="M0 0H12V12H0z" fill="currentColor" fill-opacity=".07"/>'
        f'<path d="M5 0V12" {stroke}/></pattern>'
        f'<pattern id="{name}-ready" {start}>'
        f'<path d="M0 0H12V12H0z" fill="{_READY}" fill-opacity=".18"/>'
        f'<circle cx="3" cy="3" r="2.3" fill="{_READY}"/>'
        f'<circle cx="9" cy="9" r="2.3" fill="{_READY}"/></pattern>'
        f'<pattern id="{name}-blocked" {start}>'
        f'<path d="M0 0H12V12H0z" fill="{_BLOCKED}"/>'
        '<path d="M0 0L12 12M12 0L0 12" stroke="#8d1511" stroke-width="1.6"/></pattern>'
        "</defs>"
    )


def _fill(kind: SpanKind, name: str) -> str:
    return _RUNNING if kind == "running" else f"url(#{name}-{kind})"


def _shape(shape: Shape, name: str) -> str:
    """Return one shape's element."""
    match shape:
        case Bar():
            edge = (
                ' stroke="currentColor" stroke-opacity=".35"'
                if shape.kind in {"waiting", "ready"}
                else ""
            )
            return (
                f'<rect class="{shape.kind}" x="{shape.x:.1f}" y="{shape.y:.1f}" '
                f'width="{shape.width:.1f}" height="{shape.height:.1f}" '
                f'fill="{_fill(shape.kind, name)}"{edge}>{_hover(shape.title)}</rect>'
            )
        case Word():
            return (
                f'<text class="{shape.role}" x="{shape.x:.1f}" y="{shape.y:.1f}" '
                f'font-size="{shape.size}" text-anchor="{shape.anchor}" {_WORDS[shape.role]}>'
                f"{_text(shape.text)}</text>"
            )
        case Plate():
            return (
                f'<rect class="plate" x="{shape.x:.1f}" y="{shape.y:.1f}" rx="7" '
                f'width="{shape.width:.1f}" height="{shape.height:.1f}" fill="{_GROUND}"/>'
            )
        case Tick():
            return _tick(shape)
        case Sign():
            return _sign(shape)
        case Rule():
            opacity = {"grid": ".16", "branch": ".5", "finish": ".7"}[shape.role]
            return (
                f'<path class="{shape.role}" d="M{shape.x0:.1f} {shape.y0:.1f}'
                f'L{shape.x1:.1f} {shape.y1:.1f}" stroke="currentColor" '
                f'stroke-opacity="{opacity}" stroke-width="{1 if shape.role == "grid" else 2}"/>'
            )


def _hover(title: str) -> str:
    return f"<title>{_text(title)}</title>" if title else ""


def _tick(tick: Tick) -> str:
    """Return a printed line: a stroke, with what the lane was doing on both sides."""
    side = _BLOCKED if tick.kind == "blocked" else _RUNNING
    return (
        f'<g class="line">{_hover(tick.title)}'
        f'<rect x="{tick.x - TICK_WIDTH / 2:.1f}" y="{tick.y + 4:.1f}" width="{TICK_WIDTH}" '
        f'height="{tick.height - 8:.1f}" fill="{side}"/>'
        f'<rect x="{tick.x - 1.5:.1f}" y="{tick.y:.1f}" width="3" height="{tick.height:.1f}" '
        'fill="currentColor"/></g>'
    )


def _sign(sign: Sign) -> str:
    """Return a crossed ring for a cancellation, a filled disc with a stroke for an exception."""
    x, y, r, d = sign.x, sign.y, SIGN - 1.5, (SIGN - 1.5) * 0.7
    if sign.kind == "cancelled":
        look = f'fill="none" stroke="{_CANCELLED}" stroke-width="3"'
        inside = f'<path d="M{x - d:.1f} {y + d:.1f}L{x + d:.1f} {y - d:.1f}" {look}/>'
    else:
        look = f'fill="{_BLOCKED}"'
        inside = (
            f'<path d="M{x:.1f} {y - 6:.1f}V{y + 1:.1f}M{x:.1f} {y + 3.5:.1f}V{y + 6:.1f}" '
            'stroke="#fff" stroke-width="2.6"/>'
        )
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {look}/>'
    return f'<g class="{sign.kind}">{_hover(sign.title)}{ring}{inside}</g>'
