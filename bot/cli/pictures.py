"""What a reply leaves behind: pictures in files, and an exit status."""

from collections.abc import Sequence
from pathlib import Path

from bot.errors import TutorError
from bot.languages import Locale
from bot.runner.model import Outcome
from bot.timeline.model import Timeline
from bot.tutor.model import Code, Reply
from bot.tutor.run_parts import Measured, Picture
from bot.tutor.words.alt import alt_text
from bot.tutor.words.captions import captions


def save(timelines: Sequence[Timeline], locale: Locale, path: Path) -> None:
    """Draw timelines into a file, as its suffix says. It blocks.

    :raises TutorError: if the file cannot be written
    """
    if path.suffix.lower() == ".svg":
        from bot.timeline.drawing.svg import svg  # noqa: PLC0415 - only who wants a picture waits for it

        described = alt_text(timelines, locale)
        data = svg(timelines, captions(locale), description=described, standalone=True).encode()
    else:
        from bot.timeline.drawing.png import png  # noqa: PLC0415 - as above

        data = png(timelines, captions(locale))
    _write(path, data)


def save_replay(timeline: Timeline, code: str, locale: Locale, path: Path) -> None:
    """Draw a finished run as an animation into a file. It blocks for about a second.

    :raises TutorError: if it would be too large, or the file cannot be written
    """
    from bot.timeline.drawing.animation import gif  # noqa: PLC0415 - as above
    from bot.timeline.drawing.png import Painter  # noqa: PLC0415 - as above

    data = gif(timeline, code, captions(locale), Painter())
    if not data:
        raise TutorError("This run is too long for an animation of 1 MiB. Use --picture instead.")
    _write(path, data)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise TutorError(
            f"The picture cannot be written to {path}: {error.strerror}. Name another file."
        ) from None


def save_pictures(reply: Reply, locale: Locale, path: Path) -> None:
    """Draw the reply's timelines into a file."""
    for part in reply.parts:
        if isinstance(part, Picture):
            save(part.timelines, locale, path)


def save_replays(reply: Reply, locale: Locale, path: Path) -> None:
    """Draw the reply's run as an animation into a file, with the code that ran."""
    codes = [part.text for part in reply.parts if isinstance(part, Code)]
    for part in reply.parts:
        if isinstance(part, Picture) and codes:
            save_replay(part.timelines[0], codes[0], locale, path)


def reply_status(reply: Reply) -> int:
    """Return the exit status that a reply stands for."""
    if reply.failed:
        return 2
    outcomes = [part.outcome for part in reply.parts if isinstance(part, Measured)]
    return int(any(outcome is not Outcome.OK for outcome in outcomes))
