"""The settings, read from the environment and a `.env` file. Only `app` and `cli` may look."""

from bot.settings.example import example
from bot.settings.model import UNREACHABLE_IN_CONTAINER, Settings
from bot.settings.read import load_settings, variables

__all__ = ["UNREACHABLE_IN_CONTAINER", "Settings", "example", "load_settings", "variables"]
