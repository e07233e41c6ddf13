"""One line for a lost connection: discord.py logs each with a traceback that helps nobody."""

import logging
from collections.abc import Callable

_NAMES = (
    "discord.client",
    "discord.shard",
    "discord.gateway",
    "discord.state",
    "discord.app_commands.tree",
)
_EXPECTED = ("Guilds intent seems to be disabled", "voice will NOT be supported")
"""Warnings about what we leave out on purpose."""
_SUGGESTIONS = "Ignoring exception in autocomplete"
"""Mostly, the learner typed on before the suggestions were there. It names the learner."""


class _OneLine(logging.Filter):
    """Puts an exception's name and text in the place of its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten `record`; drop it if it tells of what we leave out on purpose."""
        if any(expected in str(record.msg) for expected in _EXPECTED):
            return False
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if str(record.msg).startswith(_SUGGESTIONS) and isinstance(record.args, tuple):
            record.msg, record.args = "no suggestions for %r could be shown", record.args[:1]
        if error is not None:
            record.msg = f"{record.getMessage()} ({type(error).__name__}: {error})"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def shorten_logs() -> Callable[[], None]:
    """Shorten discord.py's log records; return what undoes it."""
    one_line = _OneLine()
    loggers = [logging.getLogger(name) for name in _NAMES]
    for logger in loggers:
        logger.addFilter(one_line)

    def restore() -> None:
        for logger in loggers:
            logger.removeFilter(one_line)

    return restore
