"""What a host enforces on scenarios, layer by layer."""

from dataclasses import dataclass
from typing import Literal

LayerStatus = Literal["enforced", "missing", "unused"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the confinement, as `tutor doctor` shows it."""

    name: str
    status: LayerStatus
    why: str
    """What it does, or why it is missing or unused. One sentence."""
    remedy: str = ""
    """How to get it; "" where nothing needs doing."""
    required: bool = True
    """Whether scenarios are refused without it, unless the operator says best-effort."""
