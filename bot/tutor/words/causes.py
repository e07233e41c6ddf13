"""Why a line was printed when it was, in sentences."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.timeline.causes import Cause, CauseKind
from bot.tutor.words.speech import FixedSentence, Speech, span

_BEGAN: Final = Wording(ko="프로그램이 시작되었습니다.", en="the program began.")
_SENTENCES: Final[Mapping[CauseKind, Wording]] = {
    "timer": Wording(
        ko="{at}에 {name}의 {on}{where} 시간이 다 되었습니다({since}에 시작).",
        en="at {at} the wait of {name} on {on}{where} was over; it had begun at {since}.",
    ),
    "io": Wording(
        ko="{at}에 {name} 쪽이 {on}{where}에서 기다리던 것이 도착했습니다.",
        en="at {at} what {name} waited for in {on}{where} had come.",
    ),
    "born": Wording(
        ko="{at}에 {by} 쪽에서 {name} 실행을 시작했습니다{where}.",
        en="at {at} {by} started {name}{where}.",
    ),
    "woken": Wording(
        ko="{at}에 {by} 쪽에서 {on}{where}에서 기다리던 {name} 쪽을 깨웠습니다.",
        en="at {at} {by} woke {name}, which waited on {on}{where}.",
    ),
    "cancelled": Wording(
        ko="{at}에 {by} 쪽에서 {on}{where}에서 기다리던 {name} 쪽을 취소했습니다.",
        en="at {at} {by} cancelled {name}, which waited on {on}{where}.",
    ),
    "start": _BEGAN,
    "printed": _BEGAN,
}


class CauseWords(Speech):
    """Says who woke whom."""

    __slots__ = ()

    ask = FixedSentence(ko="왜 이 순서일까?", en="Why this order?")
    """Labels the way to the causes."""

    def title(self, title: str) -> str:
        """Before the answer."""
        return self._say(ko="왜? {title}", en="Why? {title}", title=title)

    each = FixedSentence(ko="각 줄이 그때 나온 까닭:", en="Why each line came when it did:")
    """Before the lines and their causes."""

    def back(self, line: str) -> str:
        """Before the chain of causes of one line."""
        return self._say(
            ko="{line} 줄에서 처음까지 거슬러 올라가면:",
            en="From {line} back to the start:",
            line=line,
        )

    def more(self, count: int) -> str:
        """Said where not every line is told."""
        return self._say(
            ko="그 사이의 {count}줄은 적지 않았습니다.",
            en="{count} lines between are left out.",
            count=count,
        )

    nothing = FixedSentence(
        ko="출력된 줄이 없어 까닭을 말할 것도 없습니다.",
        en="It printed nothing, so there is nothing to give reasons for.",
    )
    """Said where nothing was printed."""

    def told(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        """Return one cause as a sentence."""
        return self._cause(cause, lanes) + self._late(cause, lanes)

    def _cause(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        return self._filled(
            _SENTENCES[cause.kind],
            at=self.milliseconds(cause.at),
            name=span(lanes.get(cause.lane, ""), 40),
            on=span(cause.on, 40),
            where=self._where(cause.line),
            since=self.milliseconds(cause.since),
            by=self._by(cause, lanes),
        )

    def _by(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        if cause.by is None:
            return self._say(ko="시간제한", en="a time limit")
        return span(lanes.get(cause.by, ""), 40)

    def _where(self, line: int | None) -> str:
        if line is None:
            return ""
        return self._say(ko="({line}번째 줄)", en=" in line {line}", line=line)

    def _late(self, cause: Cause, lanes: Mapping[int, str]) -> str:
        if not cause.late:
            return ""
        late = self.seconds(cause.late)
        if cause.held_by is None:
            return self._say(
                ko=" 그러고도 {late}를 더 기다린 뒤에야 실행되었습니다.",
                en=" It then had to wait {late} more before it ran.",
                late=late,
            )
        other = span(lanes.get(cause.held_by, ""), 40)
        return self._say(
            ko=" 그러고도 {other} 쪽이 실행 중이어서 {late}를 더 기다렸습니다.",
            en=" It then had to wait {late} more, because {other} was running.",
            other=other,
            late=late,
        )
