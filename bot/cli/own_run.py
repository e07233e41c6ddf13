"""A run of a learner's own code that a shell asked for."""

from dataclasses import dataclass
from pathlib import Path

from bot.languages import Locale
from bot.runner.model import Limits, RunRequest
from bot.settings import Settings
from bot.tutor.own_code import run_of
from bot.tutor.pasted_code import read_pasted


@dataclass(frozen=True, slots=True)
class OwnRun:
    """What is to be run, and how it is to be shown."""

    settings: Settings
    locale: Locale
    code: str
    origin: str
    """The file's name; "" for code from stdin."""
    limits: Limits
    picture: Path | None

    @property
    def run(self) -> RunRequest:
        """The run of what was handed over, read as the code that is meant."""
        return run_of(read_pasted(self.code).code, self.origin, self.limits)
