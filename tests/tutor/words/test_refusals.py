"""What the sandbox does not give is told once for each kind of thing, in both languages."""

from typing import get_args

import pytest

from bot.lessons.model import Locale
from bot.runner.model import Refusal, Refused
from bot.tutor.words import words

INSTEAD = {
    "network": "asyncio.sleep",
    "process": "asyncio.to_thread",
    "file": "io.StringIO",
    "input": 'name = "Mina"',
    "module": "`numpy`",
    "signal": "os.getpid()",
    "shared-memory": "bytearray",
}


@pytest.mark.parametrize("locale", ["ko", "en"])
@pytest.mark.parametrize("what", get_args(Refused))
def test_each_kind_says_what_to_use_instead(what: Refused, locale: Locale) -> None:
    told = words(locale).refusals.told([Refusal(what, 7, "numpy")])
    assert INSTEAD[what] in told
    assert "7" in told


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_a_kind_is_told_once_with_its_first_lines(locale: Locale) -> None:
    refused = [Refusal("file", line, f"{line}.txt") for line in (9, 3, 3, 5, 7)]
    told = words(locale).refusals.told(refused)
    assert told.count("io.StringIO") == 1
    assert "3, 5, 7…" in told


def test_what_a_scenario_asked_for_cannot_break_out_of_its_place() -> None:
    told = words("en").refusals.told([Refusal("module", None, "`**loud**`\n# title" + "x" * 500)])
    assert "\n" not in told
    assert "`**" not in told.replace("`'**", "")
    assert len(told) < 400
