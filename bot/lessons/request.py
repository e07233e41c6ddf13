"""How the runner is asked for a scenario."""

from bot.languages import Locale
from bot.lessons.files import phrases
from bot.lessons.model import Scenario
from bot.runner.model import Limits, RunRequest


def request_for(scenario: Scenario, locale: Locale, limits: Limits) -> RunRequest:
    """Return the request for a scenario; its own limits only ever lower `limits`."""
    lowered = limits.lowered_by(scenario.limits)
    return RunRequest(phrases.code_in(scenario, locale), scenario.id, lowered)
