"""What one check of `tutor doctor` comes to."""

from dataclasses import dataclass
from typing import Literal

CheckStatus = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One thing that was looked at."""

    name: str
    status: CheckStatus
    found: str
    remedy: str = ""
    """What to do; "" where nothing needs doing."""
