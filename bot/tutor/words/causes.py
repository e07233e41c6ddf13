"""Why a line was printed when it was, in sentences."""

from collections.abc import Mapping

from bot.timeline.causes import Cause
from bot.tutor.words.speech import Speech, span


class CauseWords(Speech):
    """Says who woke whom."""

    __slots__ = ()

    @property
    def ask(self) -> str:
        """Labels the way to the causes."""
        return self._say(ko="왜 이 순서일까?", en="Why this order?")

    def title(self, title: str) -> str:
        """Before the answer."""
        return self._say(ko=f"왜? {title}", en=f"Why? {title}")

    @property
    def each(self) -> str:
        """Before the lines and their causes."""
        return self._say(ko="각 줄이 그때 나온 까닭:", en="Why each line came when it did:")

    def back(self, line: str) -> str:
        """Before the chain of causes of one line."""
        return self._say(
            ko=f"{line} 줄에서 처음까지 거슬러 올라가면:", en=f"From {line} back to the start:"
        )

    def more(self, count: int) -> str:
        """Said where not every line is told."""
        return self._say(
            ko=f"그 사이의 {count}줄은 적지 않았습니다.", en=f"{count} lines between are left out."
        )

    @property
    def nothing(self) -> str:
        """Said where nothing was printed."""
        return self._say(
            ko="출력된 줄이 없어 까닭을 말할 것도 없습니다.",
            en="It printed nothing, so there is nothing to give reasons for.",
        )

    def told(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        """Return one cause as a sentence."""
        return self._cause(cause, lanes) + self._late(cause, lanes)

    def _cause(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        name, at = span(lanes.get(cause.lane, ""), 40), self.milliseconds(cause.at)
        where = self._where(cause.line)
        match cause.kind:
            case "timer":
                return self._say(
                    ko=f"{at}에 {name}의 {span(cause.on, 40)}{where} 시간이 다 되었습니다"
                    f"({self.milliseconds(cause.since)}에 시작).",
                    en=f"at {at} the wait of {name} on {span(cause.on, 40)}{where} was over; it "
                    f"had begun at {self.milliseconds(cause.since)}.",
                )
            case "io":
                return self._say(
                    ko=f"{at}에 {name} 쪽이 {span(cause.on, 40)}{where}에서 기다리던 것이 "
                    "도착했습니다.",
                    en=f"at {at} what {name} waited for in {span(cause.on, 40)}{where} had come.",
                )
            case "born":
                return self._say(
                    ko=f"{at}에 {self._by(cause, lanes)} 쪽에서 {name} 실행을 시작했습니다{where}.",
                    en=f"at {at} {self._by(cause, lanes)} started {name}{where}.",
                )
            case "start" | "printed":
                return self._say(ko="프로그램이 시작되었습니다.", en="the program began.")
            case "woken" | "cancelled":
                return self._woken(cause, name, self._by(cause, lanes))

    def _woken(self, cause: Cause, name: str, by: str) -> str:
        at, on, where = self.milliseconds(cause.at), span(cause.on, 40), self._where(cause.line)
        if cause.kind == "cancelled":
            return self._say(
                ko=f"{at}에 {by} 쪽에서 {on}{where}에서 기다리던 {name} 쪽을 취소했습니다.",
                en=f"at {at} {by} cancelled {name}, which waited on {on}{where}.",
            )
        return self._say(
            ko=f"{at}에 {by} 쪽에서 {on}{where}에서 기다리던 {name} 쪽을 깨웠습니다.",
            en=f"at {at} {by} woke {name}, which waited on {on}{where}.",
        )

    def _by(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        if cause.by is None:
            return self._say(ko="시간제한", en="a time limit")
        return span(lanes.get(cause.by, ""), 40)

    def _where(self, line: int | None) -> str:
        if line is None:
            return ""
        return self._say(ko=f"({line}번째 줄)", en=f" in line {line}")

    def _late(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        if not cause.late:
            return ""
        late = self.seconds(cause.late)
        if cause.held_by is None:
            return self._say(
                ko=f" 그러고도 {late}를 더 기다린 뒤에야 실행되었습니다.",
                en=f" It then had to wait {late} more before it ran.",
            )
        other = span(lanes.get(cause.held_by, ""), 40)
        return self._say(
            ko=f" 그러고도 {other} 쪽이 실행 중이어서 {late}를 더 기다렸습니다.",
            en=f" It then had to wait {late} more, because {other} was running.",
        )
