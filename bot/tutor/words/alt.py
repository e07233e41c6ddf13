"""What a picture of runs shows, in words: for those who do not see it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.languages import Locale, Wording
from bot.timeline.drawing.plain import NAME_LIMIT, begun, shorten
from bot.timeline.model import Lane, SpanKind, Timeline
from bot.tutor.words.speech import FixedSentence, Speech

ALT_LIMIT = 1024
"""Characters that fit beside a picture in Discord's media gallery
(https://discord.com/developers/docs/components/reference#media-gallery)."""

_RESERVE = 40
"""Characters kept for saying how many lanes are left out."""

_NAME = 40
_NOTABLE = 0.02
"""The share of a run that a state must last to be worth a word."""

_FEW_PARTS = 4
_MOST_WAITS = 3


def alt_text(timelines: Sequence[Timeline], locale: Locale) -> str:
    """Say in at most 1,024 characters what a picture of these timelines shows.

    Every run's time comes first, then its lanes for as long as there is room.
    """
    words = _AltWords(locale)
    heads = [
        shorten(words.head(timeline), ALT_LIMIT // len(timelines) // 2) for timeline in timelines
    ]
    room = ALT_LIMIT - sum(len(head) + 2 for head in heads)
    parts: list[str] = []
    for index, (head, timeline) in enumerate(zip(heads, timelines, strict=True)):
        share = room // (len(timelines) - index)
        body = _body(timeline, words, share)
        room -= len(body)
        parts.append(f"{head} {body}".rstrip())
    return begun("\n".join(parts), ALT_LIMIT)


def moving_alt(alt: str, locale: Locale) -> str:
    """Say in at most 1,024 characters what a moving picture shows, whose last frame `alt` tells."""
    told = _AltWords(locale).moving
    return begun(f"{told} {alt}", ALT_LIMIT)


def _body(timeline: Timeline, words: "_AltWords", room: int) -> str:
    """Return sentences on as many lanes as there is room for, and how many are left out."""
    told: list[str] = []
    used = 0
    for lane in timeline.lanes:
        sentence = words.lane(lane, timeline.end)
        if used + len(sentence) + 1 > room - _RESERVE:
            break
        told.append(sentence)
        used += len(sentence) + 1
    more = len(timeline.lanes) - len(told) + timeline.hidden
    if more and room >= _RESERVE:
        told.append(words.more(more))
    return " ".join(told)


_STATES: Final[Mapping[SpanKind, Wording]] = {
    "running": Wording(ko="실행 {time}", en="running {time}"),
    "waiting": Wording(ko="{time} 대기", en="waiting {time}"),
    "ready": Wording(ko="{time} 동안 준비됐지만 밀림", en="ready but starved for {time}"),
    "blocked": Wording(ko="{time} 동안 이벤트 루프를 막음", en="blocks the event loop for {time}"),
}
_WAITING_ON: Final = Wording(ko="{time} 대기({on})", en="waiting {time} on {on}")


class _AltWords(Speech):
    """The sentences."""

    __slots__ = ()

    def head(self, timeline: Timeline) -> str:
        """Tell a run's time, how many lanes it has, and whether its waits overlap."""
        title, count = begun(timeline.title, NAME_LIMIT), len(timeline.lanes) + timeline.hidden
        elapsed, waits = self.seconds(timeline.measure.elapsed), timeline.measure.waits
        parts = [
            self._say(
                ko="{title} 타임라인: {elapsed}, 태스크와 스레드 {count}개.",
                en="Timeline of {title}: {elapsed}, {count} tasks and threads."
                if count > 1
                else "Timeline of {title}: {elapsed}, one task or thread.",
                title=title,
                elapsed=elapsed,
                count=count,
            )
        ]
        if timeline.measure.saved >= _NOTABLE:
            parts.append(
                self._say(
                    ko="대기가 겹쳐 {waits}를 {elapsed} 만에 기다립니다.",
                    en="Waits overlap: {waits} of waiting in {elapsed}.",
                    waits=self.seconds(waits),
                    elapsed=elapsed,
                )
            )
        elif waits > timeline.end * _NOTABLE:
            parts.append(
                self._say(
                    ko="대기가 하나씩 차례로 이어집니다.",
                    en="Its waits follow one after another.",
                )
            )
        if timeline.warnings:
            parts.append(self._say(ko="기록이 완전하지 않습니다.", en="The record is incomplete."))
        return " ".join(parts)

    moving = FixedSentence(
        ko="움직이는 그림: 현재 선이 시간을 따라 지나가고, 그때 실행하거나 기다리는 코드 줄이 "
        "밝아집니다.",
        en="Moving picture: a line runs through time, and the lines of code that run or wait "
        "at that moment light up.",
    )
    """Tell how a picture moves, before what stands in it."""

    def lane(self, lane: Lane, whole: float) -> str:
        """Tell when a lane lived, what it did for how long, what it printed, how it ended."""
        name = shorten(lane.name, _NAME)
        start, end = f"{lane.start:.2f}", self.exactly(f"{lane.end:.2f}")
        parts = [
            self._say(
                ko="{name}: {start}~{end}",
                en="{name}: {start} to {end}",
                name=name,
                start=start,
                end=end,
            )
        ]
        parts += [*self._states(lane, whole * _NOTABLE), *self._printed(lane), *self._ending(lane)]
        return f"{', '.join(parts)}."

    def more(self, count: int) -> str:
        """Tell how many lanes are not described."""
        return self._say(ko="그 밖에 {count}개.", en="And {count} more.", count=count)

    def _states(self, lane: Lane, least: float) -> Iterator[str]:
        """Yield each state that lasts, in the order of its first time; waits with their cause."""
        sums: dict[tuple[SpanKind, str], float] = {}
        for span in lane.spans:
            on = span.on if span.kind == "waiting" else ""
            sums[span.kind, on] = sums.get((span.kind, on), 0.0) + span.seconds
        lasting = [(state, total) for state, total in sums.items() if total > least]
        for (kind, on), total in lasting[: _FEW_PARTS + _MOST_WAITS]:
            yield self._state(kind, shorten(on, _NAME), self.seconds(total))

    def _state(self, kind: SpanKind, on: str, time: str) -> str:
        wording = _WAITING_ON if kind == "waiting" and on else _STATES[kind]
        return self._filled(wording, time=time, on=on)

    def _printed(self, lane: Lane) -> Iterator[str]:
        """Yield which of the run's printed lines are this lane's."""
        numbers = [mark.number for mark in lane.marks if mark.kind == "line"]
        if not numbers:
            return
        few = numbers if len(numbers) <= _FEW_PARTS else [*numbers[:2], *numbers[-2:]]
        listed = ", ".join(map(str, few[:2])) + (" … " if len(numbers) > len(few) else ", ")
        listed = (listed + ", ".join(map(str, few[2:]))).removesuffix(", ")
        yield self._say(
            ko="{listed}번째 줄 출력",
            en="prints line {listed}" if len(numbers) == 1 else "prints lines {listed}",
            listed=listed,
        )

    def _ending(self, lane: Lane) -> Iterator[str]:
        """Yield how a lane ended, if not well."""
        if lane.ending == "cancelled":
            yield self._say(ko="취소됨", en="cancelled")
        elif lane.ending == "failed":
            error = next((mark.text for mark in lane.marks if mark.kind == "failed"), "")
            text = begun(error, _NAME)
            yield (
                self._say(ko="예외 {text}", en="fails with {text}", text=text)
                if text
                else self._say(ko="예외", en="fails with an exception")
            )
