"""What only Discord's learners read about exercises."""

from dataclasses import dataclass

from bot.languages import Locale, spoken


@dataclass(frozen=True, slots=True)
class DiscordExerciseWords:
    """The sentences in one language. Labels have at most 45 characters."""

    answer: str
    """The button's, and the form's title."""
    code: str
    place: str
    """Over the menu for one block; holds {number}."""
    nothing: str
    """What a menu offers for a place that stays empty."""
    reason: str
    file: str
    file_about: str
    empty: str
    """Said of a form in which nothing was given."""


_ENGLISH = DiscordExerciseWords(
    answer="Answer",
    code="Your solution",
    place="Block {number}",
    nothing="(no block here)",
    reason="Which reason is right?",
    file="Or a file",
    file_about="At most 20 kB; it takes the place of what stands above.",
    empty="Nothing was chosen, so nothing was run.",
)
_KOREAN = DiscordExerciseWords(
    answer="답하기",
    code="내 답",
    place="{number}번째 블록",
    nothing="(블록 없음)",
    reason="어느 까닭이 맞을까요?",
    file="또는 파일",
    file_about="20 kB 이하. 위에 적은 것을 대신합니다.",
    empty="고른 것이 없어 아무것도 실행하지 않았습니다.",
)


def exercise_form_words(locale: Locale) -> DiscordExerciseWords:
    """Return them in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)
