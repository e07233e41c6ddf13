"""The words in a picture, in each language."""

from bot.languages import Locale, spoken
from bot.timeline.model import Captions

_KOREAN = Captions(
    main="메인 스레드",
    running="실행",
    waiting="대기",
    ready="준비됐지만 밀림",
    blocked="이벤트 루프 막힘",
    printed="출력",
    cancelled="취소",
    failed="예외",
    seconds="초",
    more="외 {count}개",
    elapsed="{seconds}초",
    incomplete="기록이 완전하지 않습니다",
    saved="대기 {waits}초 · {percent} % 겹침",
    milliseconds="ms",
    thread="스레드",
    numbered="출력한 줄(번호는 순서)",
)

_ENGLISH = Captions(
    main="main thread",
    running="running",
    waiting="waiting",
    ready="ready but starved",
    blocked="event loop blocked",
    printed="printed line",
    cancelled="cancelled",
    failed="exception",
    seconds=" s",
    more="+ {count} more",
    elapsed="{seconds} s",
    incomplete="the record is incomplete",
    saved="{waits} s of waiting · {percent} % overlapped",
    milliseconds=" ms",
    thread="thread",
    numbered="printed line, numbered in order",
)


def captions(locale: Locale) -> Captions:
    """Return the words that a picture needs, in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)
