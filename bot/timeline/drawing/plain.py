"""How long a text in a picture may be, how it is cut, and how figures are written."""

from bot.timeline.model import Captions, Lane

NAME_LIMIT = 64
"""Characters of a lane's name, a title, or of what is waited for."""

TITLE_LIMIT = 120
"""Characters of a picture's title."""

PRINTED_LIMIT = 200
"""Characters of a printed line or an exception."""


def shorten(text: str, room: int) -> str:
    """Return `text` cut in its middle to at most `room` characters; both ends tell lanes apart."""
    if len(text) <= room:
        return text
    if room <= 1:
        return "…"[:room]
    tail = (room - 1) // 2
    return f"{text[: room - 1 - tail]}…{text[len(text) - tail :]}"


def begun(text: str, room: int) -> str:
    """Return `text` cut at its end to at most `room` characters; its beginning says most."""
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"[:room]


def lane_name(lane: Lane, captions: Captions) -> str:
    """Return what a lane is called, with what tells a thread from a task."""
    told = lane.kind == "thread" and captions.thread
    return f"{lane.name} · {captions.thread}" if told else lane.name


def seconds_text(value: float) -> str:
    """Return a measured time as it is written beside a picture: 120.5, 3.00, or 0.004."""
    return f"{value:.{1 if value >= 100 else 2 if value >= 1 else 3}f}"  # noqa: PLR2004 - digits
