"""Sentences about a comparison."""

from bot.tutor.words.speech import FixedSentence, Speech


class ComparisonWords(Speech):
    """What is said of scenarios side by side."""

    __slots__ = ()

    title = FixedSentence(ko="나란히 비교하기", en="Side by side")
    """The title of a comparison."""

    @property
    def header(self) -> tuple[str, str, str, str]:
        """The columns: scenario, measured time, sum of the waits, share of them that overlapped."""
        return (
            self._say(ko="시나리오", en="scenario"),
            self._say(ko="걸린 시간", en="measured"),
            self._say(ko="대기 합계", en="waiting"),
            self._say(ko="겹침", en="overlapped"),
        )

    running = FixedSentence(ko="실행 중", en="running")
    """In the table while a scenario runs."""

    def how_many(self, command: str) -> str:
        """Tell those who named too few or too many."""
        return self._say(
            ko="서로 다른 시나리오를 두 개에서 다섯 개까지 적어 주세요. 예: `{command}`",
            en="Name two to five different scenarios, as in `{command}`.",
            command=command,
        )

    again = FixedSentence(ko="다시 비교", en="Compare again")
    """Labels the way to the same comparison."""
