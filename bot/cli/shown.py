"""What a reply leaves behind: a picture in a file, and an exit status."""

from pathlib import Path

from bot.cli.pictures import save, save_replay
from bot.languages import Locale
from bot.runner.model import Outcome
from bot.tutor.model import Code, Reply
from bot.tutor.run_parts import Measured, Picture


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
