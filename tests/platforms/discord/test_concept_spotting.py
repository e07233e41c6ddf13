import pytest

from bot.lessons.model import Locale
from bot.platforms.discord.concept_spotting import named
from tests.discord_standin.tutor import ScriptedTutor


@pytest.mark.parametrize(
    ("message", "locale", "concept"),
    [
        ("What is a coroutine?", "en", "coroutine"),
        ("COROUTINES are hard", "en", "coroutine"),
        ("asyncio.gather(a, b)", "en", "gather"),
        ("the event loop is blocked", "en", "event_loop"),
        ("코루틴은 뭔가요", "ko", "coroutine"),
        ("이벤트 루프가 막혔어요", "ko", "event_loop"),
        ("I gathered some mushrooms", "en", None),
        ("", "en", None),
        ("a " * 5_000, "en", None),
    ],
)
def test_the_concept_that_a_message_names(
    message: str, locale: Locale, concept: str | None
) -> None:
    assert named(ScriptedTutor(), message, locale) == concept
