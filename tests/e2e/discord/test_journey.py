"""A learner's whole way with the real tutor, the real lessons and real runs, in both languages."""

import asyncio
from pathlib import Path

import pytest

from bot.app import open_app
from bot.lessons.model import Locale
from bot.settings import Settings
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import started_bot
from tests.e2e.discord.journey import Journey

LESSONS = Path(__file__).parents[3] / "lessons"
SAID: dict[Locale, tuple[str, ...]] = {
    "ko": ("async_task_1 시작", "sync_task_1 3초 대기", "async_task_2 시작", "sync_task_1 재시작"),
    "en": ("async_task_1 started", "async_task_1 waits 3 s", "async_task_1 resumed"),
}

_LOCALES: dict[Locale, str] = {"ko": "ko", "en": "en-GB"}


async def test_a_learner_goes_all_the_way_in_both_languages(discord: StandIn) -> None:
    settings = await asyncio.to_thread(
        lambda: Settings(_env_file=None, lessons=str(LESSONS), sandbox="best-effort")
    )
    async with open_app(settings) as app:
        bots = [await started_bot(discord, app.tutor)]
        lock, restarted = asyncio.Lock(), asyncio.Barrier(2)

        async def restart() -> None:
            await restarted.wait()
            async with lock:
                if len(bots) == 1:
                    await bots[0].close()
                    bots.append(await started_bot(discord, app.tutor))

        journeys = {
            locale: Journey(Learner(discord, locale=discords), restart, [])
            for locale, discords in _LOCALES.items()
        }
        try:
            await asyncio.gather(*(each.walk() for each in journeys.values()))
        finally:
            await bots[-1].close()
    for locale, journey in journeys.items():
        assert _wrong_in(journey, SAID[locale]) == []


def _wrong_in(journey: Journey, said: tuple[str, ...]) -> list[str]:
    """Return what a learner should not have seen on the way, by the names of the steps."""
    steps = {step.name: step for step in journey.steps}
    shown = {name: step.shown for name, step in steps.items()}
    places = [shown["run"].find(f"│{line}") for line in said]
    private = {"lessons", "chapter", "predict", "checked"}
    named = {"checked": "✗", "compare": "create_task", "next": "asyncio.run()"}
    wrong = [] if min(places) >= 0 and places == sorted(places) else [f"run: {places}"]
    wrong += [
        f"{name}: shown to the wrong ones"
        for name in (*private, "explain", "run", "compare")
        if steps[name].exchange.message.ephemeral != (name in private)
    ]
    for name in ("checked", "run", "compare"):
        if not steps[name].exchange.message.files["timeline.png"].startswith(b"\x89PNG"):
            wrong.append(f"{name}: no picture")
        wrong += [f"{name}: {mark}" for mark in ("{", "<<") if mark in shown[name]]
    return wrong + [f"{name}: no {word}" for name, word in named.items() if word not in shown[name]]


@pytest.mark.usefixtures("bot")
async def test_a_locale_that_is_not_ours_is_answered_in_english(discord: StandIn) -> None:
    exchange = await (await Learner(discord, locale="fr").command("help")).finished()
    assert "Type /lessons" in exchange.text
