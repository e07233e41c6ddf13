"""What an exercise's goals are, and what a run did instead, in sentences."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.tutor.goals import GoalKind, GoalResult
from bot.tutor.words.differences import DifferenceWords
from bot.tutor.words.speech import Speech, span

_WANTED: Final[Mapping[GoalKind, Wording]] = {
    "record": Wording(
        ko="실행 기록이 온전하고 호스트의 시계와 맞습니다.",
        en="The record of the run is whole and agrees with the host's clock.",
    ),
    "outcome": Wording(ko="끝나는 방식: {wanted}", en="It ends in {wanted}."),
    "elapsed": Wording(
        ko="약 {about} 만에 끝납니다(±{within}).", en="It takes about {about} (±{within})."
    ),
    "order": Wording(ko="출력 순서: {lines}", en="It prints, in order: {lines}"),
    "moment": Wording(
        ko="{line} 줄이 약 {about}에 출력됩니다.", en="{line} is printed at about {about}."
    ),
    "overlap": Wording(
        ko="{who}의 대기가 {count}개 이상 동시에 진행됩니다.",
        en="At least {count} waits of {who} go on at the same time.",
    ),
    "limit": Wording(
        ko="{who}의 대기가 한 번에 {count}개를 넘지 않습니다.",
        en="Of the waits of {who}, at most {count} go on at the same time.",
    ),
    "stays": Wording(
        ko="{who}의 {about} 대기를 그대로 {times}번 합니다.",
        en="{who} still waits {about}, {times} times.",
    ),
    "unblocked": Wording(ko="이벤트 루프를 막지 않습니다.", en="Nothing blocks the event loop."),
    "nothing_lost": Wording(
        ko="잊힌 코루틴, 잘린 태스크, 사라진 예외가 없습니다.",
        en="No coroutine is forgotten, no task cut off, no exception lost.",
    ),
    "forbid": Wording(ko="`{name}` 없이 작성합니다.", en="It does not use `{name}`."),
}
_RUNS_TO_ITS_END: Final = Wording(
    ko="오류 없이 끝까지 실행됩니다.", en="It runs to its end without an error."
)
_STAYS_ONCE: Final = Wording(
    ko="{who}의 {about} 대기를 그대로 합니다.", en="{who} still waits {about}."
)

_AT: Final = Wording(ko="실제: {found}", en="It was {found}.")
_AT_MOST: Final = Wording(ko="실제: 많아야 {count}개", en="It was {count} at most.")
_FOUND: Final[Mapping[GoalKind, Wording]] = {
    "elapsed": _AT,
    "moment": _AT,
    "overlap": _AT_MOST,
    "limit": _AT_MOST,
    "stays": Wording(ko="실제: {count}번", en="It was so {count} times."),
    "unblocked": Wording(ko="실제: {time} 동안 막음", en="It was blocked for {time}."),
    "forbid": Wording(ko="{line}번째 줄에서 씀", en="Line {line} does."),
    "record": Wording(
        ko="기록과 호스트의 시계가 {time} 어긋나 채점할 수 없습니다. 컴퓨터가 바빴을 수 있으니 "
        "한 번 더 해 보세요.",
        en="The record and the host's clock differ by {time}, so nothing can be graded. The "
        "computer may have been busy: try once more.",
    ),
}
_NOT_PRINTED: Final = Wording(ko="실제: 출력되지 않음", en="It was not printed.")
_NOT_FOUND: Final[Mapping[GoalKind, Wording]] = {
    "elapsed": _NOT_PRINTED,
    "moment": _NOT_PRINTED,
    "record": Wording(
        ko="기록이 끊겨 채점할 수 없습니다. `os._exit`를 부르지 말고, 기록기의 파이프를 건드리지 "
        "마세요.",
        en="The record broke off, so nothing can be graded. Do not call `os._exit`, and leave the "
        "recorder's pipe alone.",
    ),
}
"""What is said instead where the run had nothing of that kind."""


class GoalWords(Speech):
    """Says what is wanted of a run, and what it did."""

    __slots__ = ()

    def goal(self, goal: GoalResult) -> str:
        """Return what is wanted, as a sentence of Markdown."""
        ending = next((it.expected for it in goal.differences), "ok")
        return self._filled(
            self._wanted(goal, ending),
            wanted=span(ending),
            about=self.seconds(goal.wanted or 0.0),
            within=self.seconds(goal.tolerance),
            lines=" → ".join(span(line, 60) for line in goal.of),
            line="".join(span(line, 60) for line in goal.of[:1]),
            who=", ".join(f"`{name}()`" for name in goal.of),
            count=round(goal.wanted or 0),
            times=goal.times,
            name="".join(goal.of[:1]),
        )

    def _wanted(self, goal: GoalResult, ending: str) -> Wording:
        if goal.kind == "outcome" and ending == "ok":
            return _RUNS_TO_ITS_END
        return _STAYS_ONCE if goal.kind == "stays" and goal.times == 1 else _WANTED[goal.kind]

    def found(self, goal: GoalResult) -> str:
        """Return what the run did instead of what was wanted; "" where the goal says enough."""
        if goal.found is None and goal.kind in _NOT_FOUND:
            return _NOT_FOUND[goal.kind].text(self.locale)
        if goal.kind not in _FOUND:
            say = DifferenceWords(self.locale)
            return " ".join(say.sentence(it) for it in goal.differences[:3])
        found = goal.found or 0.0
        return self._filled(
            _FOUND[goal.kind],
            found=self.milliseconds(found),
            time=self.seconds(found),
            count=round(found),
            line=goal.line,
        )
