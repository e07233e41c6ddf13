"""What is said around exercises: the task, its goals, what a try came to."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.lessons.exercise import ExerciseKind
from bot.tutor.words.speech import FixedSentence, Speech, span

_KINDS: Final[Mapping[ExerciseKind, Wording]] = {
    "fix": Wording(ko="고치기", en="repair"),
    "build": Wording(ko="블록 맞추기", en="put in order"),
    "tune": Wording(ko="숫자 맞추기", en="tune a number"),
    "predict-why": Wording(ko="까닭 고르기", en="say why"),
}


class ExerciseWords(Speech):
    """Says what is to be done, and how far it is done."""

    __slots__ = ()

    name = FixedSentence(ko="연습", en="exercise")
    """What an exercise is called; stands for a name that is to be typed, too."""

    list_title = FixedSentence(ko="연습 문제", en="Exercises")
    """Heads the list of exercises."""

    none = FixedSentence(ko="아직 연습 문제가 없습니다.", en="There are no exercises yet.")
    """Said where no lesson has an exercise."""

    def how_to_open(self, command: str) -> str:
        """Tell how to open one."""
        return self._say(
            ko="`{command}`처럼 이름을 붙여 하나를 엽니다.",
            en="Open one by its name: `{command}`.",
            command=command,
        )

    def title(self, title: str) -> str:
        """Heads an exercise, and labels the way to it."""
        return self._say(ko="연습: {title}", en="Exercise: {title}", title=title)

    def kind(self, exercise_kind: ExerciseKind) -> str:
        """Say in a few words what kind of exercise it is."""
        return _KINDS[exercise_kind].text(self.locale)

    goals = FixedSentence(
        ko="목표(실제로 실행해 확인합니다):", en="Goals, checked by the real run:"
    )
    """Before the list of goals."""

    pick = FixedSentence(ko="어느 까닭이 맞을까요?", en="Which reason is right?")
    """Before the reasons to choose from."""

    blocks = FixedSentence(
        ko="필요한 블록만 골라 차례대로 놓으세요. 쓰지 않는 블록도 있습니다.",
        en="Choose the blocks you need and put them in order. Some belong nowhere.",
    )
    """Before the blocks to put in order."""

    def _bounds(self, least: float, most: float) -> str:
        """Say between which two numbers another lies."""
        return self._say(
            ko="{least}~{most}", en="{least} to {most}", least=f"{least:g}", most=f"{most:g}"
        )

    def number(self, name: str, least: float, most: float) -> str:
        """Say which number to change."""
        bounds = self._bounds(least, most)
        return self._say(
            ko="`{name}`에 넣을 수를 정하세요({bounds}).",
            en="Choose a number for `{name}` ({bounds}).",
            name=name,
            bounds=bounds,
        )

    passed = FixedSentence(ko="통과! 모든 목표를 이루었습니다.", en="Passed: every goal is met.")
    """Said of a try that met every goal."""

    def not_yet(self, met: int, count: int) -> str:
        """Said of a try that did not meet every goal."""
        return self._say(
            ko="아직입니다. 목표 {count}개 중 {met}개를 이루었습니다.",
            en="Not yet: {met} of {count} goals are met.",
            met=met,
            count=count,
        )

    def late(self, seconds: float) -> str:
        """Said of a try whose run a busy computer held up for too long to tell."""
        return self._say(
            ko="아직 판정할 수 없습니다. 컴퓨터가 바빠 실행이 {time} 늦어졌습니다. 통과도 실패도 "
            "아니니 같은 답을 다시 내 보세요.",
            en="Undecided: the computer was busy and held this run up for {time}. It has neither "
            "passed nor failed; hand the same answer in again.",
            time=self.milliseconds(seconds),
        )

    right_reason = FixedSentence(
        ko="맞습니다. 실제 실행도 그렇습니다.", en="Right, and the run agrees."
    )
    """Said of the right choice."""

    wrong_reason = FixedSentence(
        ko="아닙니다. 실제 실행은 그렇지 않습니다.", en="No: the real run does not agree."
    )
    """Said of a wrong choice."""

    def claimed(self, text: str) -> str:
        """Say what the run would do if a choice were right, and does not."""
        return self._say(
            ko="그렇다면 이래야 합니다: {text}", en="It would then have to be so: {text}", text=text
        )

    def misconception(self, text: str) -> str:
        """Say what a wrong block or choice stands for."""
        return self._say(ko="빼야 할 블록: {text}", en="A block too many: {text}", text=text)

    yours = FixedSentence(ko="내 답", en="yours")
    """What the learner's run is called in a picture."""

    exemplar = FixedSentence(ko="모범 답안", en="exemplar")
    """What the exemplar and its run are called."""

    # Hints.

    def hint(self, number: int, count: int) -> str:
        """Label the way to a hint, counted from 1; the one after the last is the exemplar."""
        if number > count:
            return self._say(ko="모범 답안 보기", en="Show the exemplar")
        return self._say(
            ko="힌트 {number}/{count}", en="Hint {number} of {count}", number=number, count=count
        )

    again = FixedSentence(ko="다시 풀기", en="Try again")
    """Label the way back to the exercise."""

    def next(self, title: str) -> str:
        """Label the way to the next exercise."""
        return self._say(ko="다음 연습: {title}", en="Next exercise: {title}", title=title)

    # Answers that cannot be graded.

    empty = FixedSentence(ko="답이 비어 있습니다.", en="The answer is empty.")
    """Said of an answer in which nothing is."""

    no_text = FixedSentence(ko="UTF-8로 쓴 텍스트가 아닙니다.", en="This is not text in UTF-8.")
    """Said of an answer that is no text."""

    def not_python(self, message: str, line: int | None) -> str:
        """Said of an answer that is no program."""
        at = self._say(ko="{line}번째 줄: ", en="Line {line}: ", line=line) if line else ""
        return at + self._say(
            ko="파이썬 코드가 아닙니다: {message}",
            en="this is not Python: {message}",
            message=span(message),
        )

    def no_choice(self, answer: str, known: str) -> str:
        """Said of an answer that is no choice's id."""
        return self._say(
            ko="{answer}: 고를 수 있는 답이 아닙니다. 다음 중 하나를 고르세요: {known}.",
            en="{answer} is none of the choices. Choose one of {known}.",
            answer=span(answer),
            known=known,
        )

    def not_run(self, why: str) -> str:
        """Said where an answer could not be run at all."""
        return self._say(ko="실행할 수 없었습니다: {why}", en="It could not be run: {why}", why=why)

    def wrong_number(self, name: str, least: float, most: float) -> str:
        """Said of what is no number, or none that may be tried."""
        bounds = self._bounds(least, most)
        return self._say(
            ko="`{name}`에는 {bounds} 사이의 수를 넣으세요.",
            en="`{name}` takes a number from {bounds}.",
            name=name,
            bounds=bounds,
        )
