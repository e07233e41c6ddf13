"""By which hue a task or thread is told apart, the same in lines, code and picture."""

from typing import Final

from bot.runner.lane_events import MAIN_LANE

HUES: Final = 8
"""How many there are besides the main thread's own."""


def hue_number(lane: int) -> int:
    """Return the number of a lane's hue: 0 for the main thread, else 1 to `HUES`."""
    return 0 if lane == MAIN_LANE else 1 + (lane - 1) % HUES
