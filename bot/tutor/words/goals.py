"""What an exercise's goals are, and what a run did instead, in sentences."""

from bot.tutor.goals import GoalResult
from bot.tutor.words.differences import DifferenceWords
from bot.tutor.words.speech import Speech, span


class GoalWords(Speech):
    """Says what is wanted of a run, and what it did."""

    __slots__ = ()

    def goal(self, goal: GoalResult) -> str:
        """Return what is wanted, as a sentence of Markdown."""
        text: str = getattr(self, f"_{goal.kind}")(goal)
        return text

    def _record(self, _goal: GoalResult) -> str:
        return self._say(
            ko="실행 기록이 온전하고 호스트의 시계와 맞습니다.",
            en="The record of the run is whole and agrees with the host's clock.",
        )

    def _outcome(self, goal: GoalResult) -> str:
        wanted = next((it.expected for it in goal.differences), "ok")
        if wanted == "ok":
            return self._say(
                ko="오류 없이 끝까지 실행됩니다.", en="It runs to its end without an error."
            )
        return self._say(ko="끝나는 방식: {wanted}", en="It ends in {wanted}.", wanted=span(wanted))

    def _elapsed(self, goal: GoalResult) -> str:
        about, within = self.seconds(goal.wanted or 0.0), self.seconds(goal.tolerance)
        return self._say(
            ko="약 {about} 만에 끝납니다(±{within}).",
            en="It takes about {about} (±{within}).",
            about=about,
            within=within,
        )

    def _order(self, goal: GoalResult) -> str:
        lines = " → ".join(span(line, 60) for line in goal.of)
        return self._say(ko="출력 순서: {lines}", en="It prints, in order: {lines}", lines=lines)

    def _moment(self, goal: GoalResult) -> str:
        line, about = span(goal.of[0], 60), self.seconds(goal.wanted or 0.0)
        return self._say(
            ko="{line} 줄이 약 {about}에 출력됩니다.",
            en="{line} is printed at about {about}.",
            line=line,
            about=about,
        )

    def _overlap(self, goal: GoalResult) -> str:
        who, count = self._of(goal), round(goal.wanted or 0)
        return self._say(
            ko="{who}의 대기가 {count}개 이상 동시에 진행됩니다.",
            en="At least {count} waits of {who} go on at the same time.",
            who=who,
            count=count,
        )

    def _limit(self, goal: GoalResult) -> str:
        who, count = self._of(goal), round(goal.wanted or 0)
        return self._say(
            ko="{who}의 대기가 한 번에 {count}개를 넘지 않습니다.",
            en="Of the waits of {who}, at most {count} go on at the same time.",
            who=who,
            count=count,
        )

    def _stays(self, goal: GoalResult) -> str:
        who, each = self._of(goal), self.seconds(goal.wanted or 0.0)
        if goal.times == 1:
            return self._say(
                ko="{who}의 {each} 대기를 그대로 합니다.",
                en="{who} still waits {each}.",
                who=who,
                each=each,
            )
        return self._say(
            ko="{who}의 {each} 대기를 그대로 {times}번 합니다.",
            en="{who} still waits {each}, {times} times.",
            who=who,
            each=each,
            times=goal.times,
        )

    def _unblocked(self, _goal: GoalResult) -> str:
        return self._say(ko="이벤트 루프를 막지 않습니다.", en="Nothing blocks the event loop.")

    def _nothing_lost(self, _goal: GoalResult) -> str:
        return self._say(
            ko="잊힌 코루틴, 잘린 태스크, 사라진 예외가 없습니다.",
            en="No coroutine is forgotten, no task cut off, no exception lost.",
        )

    def _forbid(self, goal: GoalResult) -> str:
        return self._say(
            ko="`{name}` 없이 작성합니다.", en="It does not use `{name}`.", name=goal.of[0]
        )

    def _of(self, goal: GoalResult) -> str:
        return ", ".join(f"`{name}()`" for name in goal.of)

    def found(self, goal: GoalResult) -> str:  # noqa: PLR0911 - a sentence for each kind
        """Return what the run did instead of what was wanted; "" where the goal says enough."""
        match goal.kind:
            case "elapsed" | "moment":
                return self._found_at(goal)
            case "overlap" | "limit":
                count = round(goal.found or 0)
                return self._say(
                    ko="실제: 많아야 {count}개", en="It was {count} at most.", count=count
                )
            case "stays":
                count = round(goal.found or 0)
                return self._say(ko="실제: {count}번", en="It was so {count} times.", count=count)
            case "unblocked":
                held = self.seconds(goal.found or 0.0)
                return self._say(
                    ko="실제: {held} 동안 막음", en="It was blocked for {held}.", held=held
                )
            case "forbid":
                return self._say(ko="{line}번째 줄에서 씀", en="Line {line} does.", line=goal.line)
            case "record":
                return self._unbelievable(goal)
            case _:
                say = DifferenceWords(self.locale)
                return " ".join(say.sentence(it) for it in goal.differences[:3])

    def _found_at(self, goal: GoalResult) -> str:
        if goal.found is None:
            return self._say(ko="실제: 출력되지 않음", en="It was not printed.")
        found = self.milliseconds(goal.found)
        return self._say(ko="실제: {found}", en="It was {found}.", found=found)

    def _unbelievable(self, goal: GoalResult) -> str:
        if goal.found is None:
            return self._say(
                ko="기록이 끊겨 채점할 수 없습니다. `os._exit`를 부르지 말고, 기록기의 파이프를 "
                "건드리지 마세요.",
                en="The record broke off, so nothing can be graded. Do not call `os._exit`, and "
                "leave the recorder's pipe alone.",
            )
        differs = self.seconds(goal.found)
        return self._say(
            ko="기록과 호스트의 시계가 {differs} 어긋나 채점할 수 없습니다. 컴퓨터가 바빴을 수 "
            "있으니 한 번 더 해 보세요.",
            en="The record and the host's clock differ by {differs}, so nothing can be graded. "
            "The computer may have been busy: try once more.",
            differs=differs,
        )
