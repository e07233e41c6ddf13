"""The words in a picture, in each language."""

from functools import cache, partial

from bot.languages import Locale, say
from bot.timeline.model import Captions


@cache
def captions(locale: Locale) -> Captions:
    """Return the words that a picture needs, in `locale`."""
    said = partial(say, locale)
    return Captions(
        main=said(ko="메인 스레드", en="main thread"),
        running=said(ko="실행", en="running"),
        waiting=said(ko="대기", en="waiting"),
        ready=said(ko="준비됐지만 밀림", en="ready but starved"),
        blocked=said(ko="이벤트 루프 막힘", en="event loop blocked"),
        printed=said(ko="출력", en="printed line"),
        cancelled=said(ko="취소", en="cancelled"),
        failed=said(ko="예외", en="exception"),
        seconds=said(ko="초", en=" s"),
        more=said(ko="외 {count}개", en="+ {count} more"),
        elapsed=said(ko="{seconds}초", en="{seconds} s"),
        incomplete=said(ko="기록이 완전하지 않습니다", en="the record is incomplete"),
        saved=said(
            ko="대기 {waits}초 · {percent} % 겹침",
            en="{waits} s of waiting · {percent} % overlapped",
        ),
        milliseconds=said(ko="ms", en=" ms"),
        thread=said(ko="스레드", en="thread"),
        numbered=said(ko="출력한 줄(번호는 순서)", en="printed line, numbered in order"),
    )
