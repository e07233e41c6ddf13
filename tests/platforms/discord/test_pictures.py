"""A reply's picture: it moves where that was asked for, and stands still where it cannot."""

import asyncio

import pytest

from bot.languages import Locale, locales
from bot.observe.metrics import Metrics
from bot.platforms.discord.pictures import ReplyPictures
from bot.platforms.discord.words import DiscordWords
from bot.timeline.drawing.jobs import DrawGif, DrawPng, Job
from bot.timeline.drawing.renderer import PictureRenderer
from bot.timeline.layout import lay_out
from bot.tutor.model import Heading, Note, Reply
from bot.tutor.run_parts import Picture
from bot.tutor.words.alt import ALT_LIMIT
from tests.timeline.streams import CAPTIONS, recorded

PNG, GIF = b"\x89PNG", b"GIF89a"


class SlowRenderer(PictureRenderer):
    """Implements `PictureRenderer`: a GIF is `made` as soon as `gate` opens."""

    def __init__(self, made: bytes | None = GIF) -> None:
        self.made = made
        self.gate = asyncio.Event()
        self.underway = self.most = self.cancelled = 0

    async def close(self) -> None:
        """Hold nothing."""

    async def _made(self, job: Job) -> bytes | None:
        """Draw a PNG at once, a GIF when the gate is open."""
        if isinstance(job, DrawPng):
            return PNG
        assert isinstance(job, DrawGif)
        self.underway += 1
        self.most = max(self.most, self.underway)
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.underway -= 1
        return self.made


def reply(moving: str = "print(1)", *, final: bool = True) -> Reply:
    timeline = lay_out(list(recorded("gather", "en")), title="run", captions=CAPTIONS)
    return Reply((Heading("gather"), Picture((timeline,), "two tasks", moving=moving)), final=final)


def alt(shown: Reply) -> str:
    (picture,) = (part for part in shown.parts if isinstance(part, Picture))
    return picture.alt


def notes(shown: Reply) -> list[str]:
    return [part.markdown for part in shown.parts if isinstance(part, Note)]


async def test_a_still_picture_and_one_under_way_are_as_ever() -> None:
    pictures = ReplyPictures(SlowRenderer(), Metrics())
    still, underway = reply(""), reply(final=False)
    assert await pictures.draw(still, "en") == (still, PNG)
    assert await pictures.draw(underway, "en") == (underway, None)


@pytest.mark.parametrize("locale", locales())
async def test_a_moving_one_says_that_it_moves(locale: Locale) -> None:
    renderer = SlowRenderer()
    renderer.gate.set()
    shown, drawn = await ReplyPictures(renderer, Metrics()).draw(reply(), locale)
    assert drawn == GIF
    assert alt(shown).endswith("two tasks")
    assert len("two tasks") < len(alt(shown)) <= ALT_LIMIT
    assert not notes(shown)


@pytest.mark.parametrize("locale", locales())
async def test_one_that_is_too_large_stands_still_and_that_is_said(locale: Locale) -> None:
    renderer = SlowRenderer(made=None)
    renderer.gate.set()
    shown, drawn = await ReplyPictures(renderer, Metrics()).draw(reply(), locale)
    assert drawn == PNG
    assert alt(shown) == "two tasks"
    assert notes(shown) == [DiscordWords(locale).replay_still]


async def test_one_that_takes_too_long_is_given_up() -> None:
    renderer = SlowRenderer()
    shown, drawn = await ReplyPictures(renderer, Metrics(), moving_seconds=0.01).draw(reply(), "en")
    assert drawn == PNG
    assert notes(shown) == [DiscordWords("en").replay_still]
    assert (renderer.cancelled, renderer.underway) == (1, 0)


async def test_they_are_drawn_one_at_a_time_and_hold_no_still_one_up() -> None:
    renderer = SlowRenderer()
    pictures = ReplyPictures(renderer, Metrics())
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        moving = [group.create_task(pictures.draw(reply(), "en")) for _ in range(3)]
        assert (await pictures.draw(reply(""), "en"))[1] == PNG
        assert not any(task.done() for task in moving)
        renderer.gate.set()
    assert [task.result()[1] for task in moving] == [GIF] * 3
    assert renderer.most == 1
