"""The sentences around a run that is looked at: its picture, its replay, its table."""

from bot.languages import Locale
from bot.tutor.words.captions import captions
from bot.tutor.words.speech import FixedSentence, Speech


class MomentWords(Speech):
    """What just happened and why, in one language, by the kind of the moment.

    The page's script fills in what stands in braces; a lane's name is never inflected.
    """

    __slots__ = ()

    begins = FixedSentence(ko="프로그램이 시작됩니다.", en="The program begins.")
    born = FixedSentence(
        ko="{lane}: {by} 쪽에서 만들었습니다. 루프의 차례가 오면 실행됩니다.",
        en="{by} created {lane}; it runs when the loop gets to it.",
    )
    created = FixedSentence(ko="{lane}: 만들어졌습니다.", en="{lane} is created.")
    started = FixedSentence(ko="{lane}: {by} 쪽에서 시작했습니다.", en="{by} started {lane}.")
    first = FixedSentence(ko="{lane}: 처음으로 실행됩니다.", en="{lane} runs for the first time.")
    timer = FixedSentence(
        ko="{lane}: 타이머가 끝나 깨어났습니다. 이벤트 루프는 비어 있었습니다.",
        en="{lane} was woken by its timer; the loop was free.",
    )
    timer_late = FixedSentence(
        ko="{lane}: 타이머는 {late}초 전에 끝났지만 {busy} 쪽이 루프를 쓰고 있어 이제야 "
        "실행됩니다.",
        en="{lane} runs {late} s after its timer was due: {busy} had the loop.",
    )
    timer_behind = FixedSentence(
        ko="{lane}: 타이머가 끝난 지 {late}초 뒤에야 실행됩니다.",
        en="{lane} runs {late} s after its timer was due.",
    )
    io = FixedSentence(
        ko="{lane}: {on}에서 기다리던 것이 도착해 이어서 실행됩니다.",
        en="{lane} goes on: what it waited for in {on} had come.",
    )
    woken = FixedSentence(
        ko="{lane}: {by} 쪽에서 깨웠습니다. {on} 대기가 끝났습니다.",
        en="{lane} was woken by {by}, which ended its wait on {on}.",
    )
    woken_late = FixedSentence(
        ko="{lane}: {by} 쪽에서 깨웠지만 {late}초를 더 기다린 뒤 실행됩니다.",
        en="{lane} was woken by {by}, and waited {late} s more for its turn.",
    )
    cancelled = FixedSentence(
        ko="{lane}: {on} 대기 중에 {by} 쪽에서 취소했습니다.",
        en="{lane} was cancelled by {by} while it waited on {on}.",
    )
    goes_on = FixedSentence(ko="{lane}: 이어서 실행됩니다.", en="{lane} goes on.")
    ready = FixedSentence(
        ko="{lane}: 실행할 수 있지만 {busy} 쪽이 루프를 쓰고 있습니다.",
        en="{lane} could run now, but {busy} has the loop.",
    )
    behind = FixedSentence(
        ko="{lane}: 실행할 수 있지만 아직 차례가 오지 않았습니다.",
        en="{lane} could run now, but is not let run yet.",
    )
    waits = FixedSentence(
        ko="{lane}: {on} 대기를 시작하고 다른 태스크에 차례를 넘깁니다.",
        en="{lane} waits on {on} and lets the others run.",
    )
    thread_waits = FixedSentence(ko="{lane}: {on} 대기를 시작합니다.", en="{lane} waits on {on}.")
    event_loop = FixedSentence(
        ko="{lane}: 이제부터 이벤트 루프를 돌립니다.", en="{lane} runs the event loop from here on."
    )
    blocked = FixedSentence(
        ko="{lane}: 이벤트 루프를 막고 있어 아무도 실행될 수 없습니다.",
        en="{lane} holds the event loop: nobody else can run.",
    )
    prints = FixedSentence(
        ko="{lane}: {number}번 줄을 출력합니다. {text}", en="{lane} prints line {number}: {text}"
    )
    done = FixedSentence(ko="{lane}: 끝났습니다.", en="{lane} is done.")
    ended_cancelled = FixedSentence(
        ko="{lane}: 취소되어 끝났습니다.", en="{lane} ended: it was cancelled."
    )
    failed = FixedSentence(ko="{lane}: 예외로 끝났습니다. {error}", en="{lane} ended with {error}")
    end = FixedSentence(
        ko="실행이 {seconds}초 만에 끝났습니다.", en="The run is over after {seconds} s."
    )


class ReplayWords(Speech):
    """Every sentence about a run's picture and replay, in one language.

    What stands in braces is filled in by the page's script; a lane's name is never inflected.
    """

    __slots__ = ()

    replay = FixedSentence(ko="다시 보기", en="Replay")
    play = FixedSentence(ko="재생", en="Play")
    pause = FixedSentence(ko="일시 정지", en="Pause")
    first = FixedSentence(ko="처음으로", en="To the start")
    last = FixedSentence(ko="끝으로", en="To the end")
    back = FixedSentence(ko="이전 사건", en="Event before")
    forward = FixedSentence(ko="다음 사건", en="Next event")
    speed = FixedSentence(ko="속도", en="Speed")
    moment = FixedSentence(ko="실행 시점", en="Moment of the run")
    """Names the scrubber."""
    keys = FixedSentence(
        ko="스페이스: 재생과 정지, ← →: 사건 단위로 이동, Home과 End: 처음과 끝.",
        en="Space plays and pauses, ← and → go by event, Home and End to the start and the end.",
    )
    """Tells which keys work here."""
    arrows = FixedSentence(ko="누가 누구를 깨웠나", en="Who woke whom")
    """Switches arrows on: who woke whom."""
    loop = FixedSentence(ko="이벤트 루프 속", en="Inside the loop")
    """Switches the loop's three columns on."""
    closer = FixedSentence(ko="확대", en="Zoom in")
    farther = FixedSentence(ko="축소", en="Zoom out")
    whole = FixedSentence(ko="전체 보기", en="Whole run")
    ready = FixedSentence(ko="준비 큐", en="Ready queue")
    timers = FixedSentence(ko="타이머", en="Timers")
    waiting = FixedSentence(ko="대기", en="Waiting")
    nobody = FixedSentence(ko="없음", en="nobody")
    due = FixedSentence(ko="{at}에 끝남", en="due at {at}")
    """When a timer is due; holds `{at}`."""
    thread = FixedSentence(ko="스레드", en="thread")
    """Stands beside the name of a thread's lane."""
    timeline = FixedSentence(ko="타임라인: {title}", en="Timeline: {title}")
    """Names a picture; holds `{title}`."""
    hidden = FixedSentence(
        ko="태스크와 스레드 {count}개는 그리지 않았습니다.",
        en="{count} more tasks or threads are not drawn.",
    )
    """Tells how many lanes are left out; holds `{count}`."""
    incomplete = FixedSentence(
        ko="이 실행의 기록은 완전하지 않습니다.", en="The record of this run is not whole."
    )
    at = FixedSentence(ko="+{at}초", en="+{at} s")
    """Holds `{at}`."""
    at_seconds = FixedSentence(ko="{seconds}초", en="{seconds} s")
    """Holds `{seconds}`."""
    unit = FixedSentence(ko="초", en=" s")
    milli = FixedSentence(ko="ms", en=" ms")
    in_line = FixedSentence(ko="{line}번째 줄", en="line {line}")
    """Follows a sentence; holds `{line}`."""
    selected = FixedSentence(
        ko="{lane}: {seconds}초 동안 {what} ({from}초 ~ {to}초)",
        en="{lane}: {what} for {seconds} s, from {from} to {to} s",
    )
    """What one span was; holds `{lane}`, `{what}`, `{seconds}`, `{from}`, `{to}`."""
    ended_by = FixedSentence(ko="{by} 쪽에서 끝냄", en="ended by {by}")
    """Who ended a wait; holds `{by}`."""
    by_timer = FixedSentence(ko="타이머가 끝나 깨어남", en="ended by its timer")
    by_io = FixedSentence(ko="기다리던 것이 도착함", en="ended because what it waited for had come")
    download = FixedSentence(ko="내려받기", en="Download")
    download_picture = FixedSentence(ko="PNG로 내려받기", en="Download as PNG")
    as_table = FixedSentence(ko="그림을 표로 보기", en="The picture as a table")
    who = FixedSentence(ko="태스크 또는 스레드", en="Task or thread")
    """Heads a column of the table, as the four below do."""
    did = FixedSentence(ko="한 일", en="What")
    since = FixedSentence(ko="부터(초)", en="From (s)")
    until = FixedSentence(ko="까지(초)", en="To (s)")
    code_line = FixedSentence(ko="코드 줄", en="Line")
    rows_left_out = FixedSentence(
        ko="{count}줄은 싣지 않았습니다.", en="{count} more rows are not listed."
    )
    """Holds `{count}`."""
    saving = FixedSentence(
        ko="대기 {waits}초 → {seconds}초", en="{waits} s of waiting → {seconds} s"
    )
    """Beside the bar of what overlapping saved; holds `{waits}` and `{seconds}`."""


def script_words(locale: Locale) -> dict[str, object]:
    """Return the sentences that the page's script says of a run, as JSON values."""
    say = captions(locale)
    states = {kind: getattr(say, kind) for kind in ("running", "waiting", "ready", "blocked")}
    moments = MomentWords(locale).sentences()
    return {**ReplayWords(locale).sentences(), "moments": moments, "states": states}
