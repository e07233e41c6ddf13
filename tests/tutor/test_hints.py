import pytest

from bot.tutor.hints import hint_name, name_and_hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fetch_together", ("fetch_together", 0)),
        ("fetch_together hint 2", ("fetch_together", 2)),
        ("fetch together HINT 3", ("fetch together", 3)),
        ("fetch_together_hint_1", ("fetch_together", 1)),
        ("요청 함께 보내기 힌트 1", ("요청 함께 보내기", 1)),
        ("hint 1", ("hint 1", 0)),
        ("hint", ("hint", 0)),
        ("", ("", 0)),
    ],
)
def test_a_name_may_ask_for_a_hint(typed: str, meant: tuple[str, int]) -> None:
    assert name_and_hint(typed) == meant


def test_what_a_button_holds_is_read_back() -> None:
    assert name_and_hint(hint_name("a" * 25, 4)) == ("a" * 25, 4)
    assert len(hint_name("a" * 25, 4)) <= 32
