"""How the runner is asked for a scenario."""

from bot.languages import Locale
from bot.lessons.files import phrases
from bot.lessons.model import RunLimits, Scenario
from bot.runner.model import Limits, RunRequest


def request_for(scenario: Scenario, locale: Locale, limits: Limits) -> RunRequest:
    """Return the request for a scenario; its own limits only ever lower `limits`."""
    return RunRequest(
        phrases.code_in(scenario, locale), scenario.id, lower(limits, scenario.limits)
    )


def lower(limits: Limits, wanted: RunLimits | Limits) -> Limits:
    """Return the lower of each limit."""
    lowered = {
        name: min(getattr(limits, name), value)
        for name, value in wanted.model_dump(exclude_none=True).items()
    }
    return limits.model_copy(update=lowered)
