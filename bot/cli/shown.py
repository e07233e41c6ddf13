"""What a reply leaves behind: a picture in a file, and an exit status."""

from pathlib import Path

from bot.cli.pictures import save
from bot.languages import Locale
from bot.runner.model import Outcome
from bot.tutor.model import Measured, Picture, Reply


def save_pictures(reply: Reply, locale: Locale, path: Path) -> None:
    """Draw the reply's timelines into a file."""
    for part in reply.parts:
        if isinstance(part, Picture):
            save(part.timelines, locale, path)


def reply_status(reply: Reply) -> int:
    """Return the exit status that a reply stands for."""
    if reply.failed:
        return 2
    outcomes = [part.outcome for part in reply.parts if isinstance(part, Measured)]
    return int(any(outcome is not Outcome.OK for outcome in outcomes))
