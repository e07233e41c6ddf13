"""Sentences about a prediction and how it compares with reality."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.languages import Wording
from bot.runner.model import Outcome
from bot.tutor.forms import Quiz
from bot.tutor.words.speech import FixedSentence, Speech, span

_ENDINGS: Final[Mapping[Outcome, Wording]] = {
    Outcome.OK: Wording(ko="예외 없이 끝난다", en="It ends without an exception"),
    Outcome.TIMEOUT: Wording(
        ko="끝나지 않아 시간제한에 걸린다", en="It never ends, and the time limit stops it"
    ),
    Outcome.ERROR: Wording(ko="예외로 끝난다", en="It raises an exception"),
    Outcome.DEADLOCK: Wording(ko="교착 상태에 빠진다", en="It ends in a deadlock"),
    Outcome.CRASHED: Wording(ko="인터프리터가 죽는다", en="The interpreter crashes"),
}
_AT_A_LIMIT: Final = Wording(ko="제한({outcome})에 걸려 멈춘다", en="A limit stops it: {outcome}")

_TIME_RIGHT: Final = Wording(
    ko="시간을 맞혔습니다. 예측 {guess}, 실제 {elapsed}",
    en="Your time is right: you said {guess}, it took {elapsed}.",
)
_TIME_WRONG: Final = Wording(
    ko="시간은 달랐습니다. 예측 {guess}, 실제 {elapsed}",
    en="The time differs: you said {guess}, it took {elapsed}.",
)


class QuizWords(Speech):
    """What is asked before a run, and said after it."""

    __slots__ = ()

    def title(self, scenario: str) -> str:
        """Title a quiz."""
        return self._say(
            ko="예측해 보기: {scenario}", en="Predict it: {scenario}", scenario=scenario
        )

    def invitation(self, quiz: Quiz) -> str:
        """Over the code, before anything ran: what is to be predicted."""
        asked = [
            (bool(quiz.times), "모두 얼마나 걸릴지", "how long it takes in all"),
            (
                bool(quiz.lines) and not quiz.decoys,
                "어떤 순서로 출력될지",
                "in which order it prints",
            ),
            (
                quiz.decoys,
                "어느 줄이 어떤 순서로 출력되고 어느 줄은 출력되지 않을지",
                "which of the lines are printed, in which order, and which never are",
            ),
            (bool(quiz.endings), "어떻게 끝날지", "how it ends"),
        ]
        korean = ", ".join(ko for is_asked, ko, _ in asked if is_asked)
        english = [en for is_asked, _, en in asked if is_asked]
        listed = ", and ".join(filter(None, (", ".join(english[:-1]), english[-1])))
        return self._say(
            ko="코드를 읽고, {korean} 예측해 보세요. 그다음 실제로 실행해 비교해 드립니다.",
            en="Read the code and predict {listed}. Then it really runs, and you see both side by "
            "side.",
            korean=korean,
            listed=listed,
        )

    def ending(self, outcome: Outcome, error: str) -> str:
        """Label a way in which a run may end."""
        if error:
            name = error.rpartition(".")[2]
            return self._say(ko="{name} 예외로 끝난다", en="It raises {name}", name=name)
        return self._filled(_ENDINGS.get(outcome, _AT_A_LIMIT), outcome=outcome.value)

    nothing_to_predict = FixedSentence(
        ko="이 시나리오는 시간도 순서도 미리 정해져 있지 않아 예측할 것이 없습니다. "
        "바로 실행해 보세요.",
        en="Neither the time nor the order of this scenario is fixed, so there is nothing to "
        "predict. Just run it.",
    )
    """Said of a scenario whose time and order are open."""

    def time(self, guess: float, elapsed: float, *, right: bool) -> str:
        """Say whether the predicted time was right."""
        return self._filled(
            _TIME_RIGHT if right else _TIME_WRONG,
            guess=self.seconds(guess),
            elapsed=self.milliseconds(elapsed),
        )

    ending_right = FixedSentence(ko="끝을 맞혔습니다.", en="You said rightly how it ends.")
    """The predicted ending was right."""

    def ending_wrong(self, guess: str, real: str) -> str:
        """Say how it ended instead of as predicted; both are labels of endings."""
        return self._say(
            ko="끝은 달랐습니다. 예측: {guess}, 실제: {real}",
            en="It ended differently. You said: {guess}. Really: {real}.",
            guess=guess,
            real=real,
        )

    def never_printed(self, lines: Sequence[str]) -> str:
        """Say which of the predicted lines were never printed."""
        named = ", ".join(span(line) for line in lines)
        return self._say(
            ko="출력된다고 했지만 출력되지 않은 줄: {named}",
            en="You expected this, and it was never printed: {named}",
            named=named,
        )

    def printed_after_all(self, lines: Sequence[str]) -> str:
        """Say which of the lines that were left out were printed."""
        named = ", ".join(span(line) for line in lines)
        return self._say(
            ko="빼놓았지만 출력된 줄: {named}",
            en="You left this out, and it was printed: {named}",
            named=named,
        )

    order_right = FixedSentence(
        ko="출력 순서를 모두 맞혔습니다.", en="Your order is right, every line."
    )
    """The predicted order was right."""

    order_possible = FixedSentence(
        ko="예측한 순서도 나올 수 있는 순서입니다. 이 시나리오의 순서는 정해져 있지 않고, "
        "이번에는 아래처럼 나왔습니다.",
        en="Your order is possible, too: it is not determined here, and this time it came as "
        "below.",
    )
    """The predicted order differs where the order is not determined."""

    def order_wrong(self, right: int, total: int) -> str:
        """Say how many lines stood in their place."""
        return self._say(
            ko="출력 순서는 {total}줄 가운데 {right}줄이 제자리였습니다.",
            en="In the order, {right} of {total} lines stood in their place.",
            total=total,
            right=right,
        )

    @property
    def header(self) -> tuple[str, str, str, str]:
        """The columns: right or not, when, the predicted line, the real one."""
        return (
            "",
            self._say(ko="시각", en="time"),
            self._say(ko="예측", en="your prediction"),
            self._say(ko="실제", en="reality"),
        )

    def mistake(self, text: str) -> str:
        """Why most learners predict wrongly here."""
        return self._say(
            ko="**헷갈리기 쉬운 점** — {text}", en="**An easy mistake** — {text}", text=text
        )

    not_comparable = FixedSentence(
        ko="실행이 정상적으로 끝나지 않아 예측과 비교할 수 없습니다.",
        en="The run did not end as it should, so your prediction cannot be held against it.",
    )
    """The run did not go as a prediction could be held against."""

    held_up = FixedSentence(
        ko="컴퓨터가 바빠 실행이 늦어졌으므로 이번에는 예측과 비교할 수 없습니다.",
        en="The computer was busy and held the run up, so your prediction cannot be held against "
        "it this time.",
    )
    """The run says nothing of a prediction; how late it was is told below it."""

    again = FixedSentence(ko="다시 예측하기", en="Predict again")
    """Labels the way to the same quiz."""
