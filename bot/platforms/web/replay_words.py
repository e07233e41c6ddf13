"""The sentences around a run that is looked at: its picture, its replay, its table."""

from dataclasses import asdict, dataclass

from bot.languages import Locale, spoken
from bot.tutor.words.captions import captions


@dataclass(frozen=True, slots=True)
class MomentWords:
    """What just happened and why, in one language, by the kind of the moment.

    The page's script fills in what stands in braces; a lane's name is never inflected.
    """

    begins: str
    born: str
    created: str
    started: str
    first: str
    timer: str
    timer_late: str
    timer_behind: str
    io: str
    woken: str
    woken_late: str
    cancelled: str
    goes_on: str
    ready: str
    behind: str
    waits: str
    thread_waits: str
    event_loop: str
    blocked: str
    prints: str
    done: str
    ended_cancelled: str
    failed: str
    end: str


_MOMENTS_EN = MomentWords(
    begins="The program begins.",
    born="{by} created {lane}; it runs when the loop gets to it.",
    created="{lane} is created.",
    started="{by} started {lane}.",
    first="{lane} runs for the first time.",
    timer="{lane} was woken by its timer; the loop was free.",
    timer_late="{lane} runs {late} s after its timer was due: {busy} had the loop.",
    timer_behind="{lane} runs {late} s after its timer was due.",
    io="{lane} goes on: what it waited for in {on} had come.",
    woken="{lane} was woken by {by}, which ended its wait on {on}.",
    woken_late="{lane} was woken by {by}, and waited {late} s more for its turn.",
    cancelled="{lane} was cancelled by {by} while it waited on {on}.",
    goes_on="{lane} goes on.",
    ready="{lane} could run now, but {busy} has the loop.",
    behind="{lane} could run now, but is not let run yet.",
    waits="{lane} waits on {on} and lets the others run.",
    thread_waits="{lane} waits on {on}.",
    event_loop="{lane} runs the event loop from here on.",
    blocked="{lane} holds the event loop: nobody else can run.",
    prints="{lane} prints line {number}: {text}",
    done="{lane} is done.",
    ended_cancelled="{lane} ended: it was cancelled.",
    failed="{lane} ended with {error}",
    end="The run is over after {seconds} s.",
)
_MOMENTS_KO = MomentWords(
    begins="프로그램이 시작됩니다.",
    born="{lane}: {by} 쪽에서 만들었습니다. 루프의 차례가 오면 실행됩니다.",
    created="{lane}: 만들어졌습니다.",
    started="{lane}: {by} 쪽에서 시작했습니다.",
    first="{lane}: 처음으로 실행됩니다.",
    timer="{lane}: 타이머가 끝나 깨어났습니다. 이벤트 루프는 비어 있었습니다.",
    timer_late="{lane}: 타이머는 {late}초 전에 끝났지만 {busy} 쪽이 루프를 쓰고 있어 이제야 "
    "실행됩니다.",
    timer_behind="{lane}: 타이머가 끝난 지 {late}초 뒤에야 실행됩니다.",
    io="{lane}: {on}에서 기다리던 것이 도착해 이어서 실행됩니다.",
    woken="{lane}: {by} 쪽에서 깨웠습니다. {on} 대기가 끝났습니다.",
    woken_late="{lane}: {by} 쪽에서 깨웠지만 {late}초를 더 기다린 뒤 실행됩니다.",
    cancelled="{lane}: {on} 대기 중에 {by} 쪽에서 취소했습니다.",
    goes_on="{lane}: 이어서 실행됩니다.",
    ready="{lane}: 실행할 수 있지만 {busy} 쪽이 루프를 쓰고 있습니다.",
    behind="{lane}: 실행할 수 있지만 아직 차례가 오지 않았습니다.",
    waits="{lane}: {on} 대기를 시작하고 다른 태스크에 차례를 넘깁니다.",
    thread_waits="{lane}: {on} 대기를 시작합니다.",
    event_loop="{lane}: 이제부터 이벤트 루프를 돌립니다.",
    blocked="{lane}: 이벤트 루프를 막고 있어 아무도 실행될 수 없습니다.",
    prints="{lane}: {number}번 줄을 출력합니다. {text}",
    done="{lane}: 끝났습니다.",
    ended_cancelled="{lane}: 취소되어 끝났습니다.",
    failed="{lane}: 예외로 끝났습니다. {error}",
    end="실행이 {seconds}초 만에 끝났습니다.",
)


@dataclass(frozen=True, slots=True)
class ReplayWords:
    """Every sentence about a run's picture and replay, in one language.

    What stands in braces is filled in by the page's script; a lane's name is never inflected.
    """

    replay: str
    play: str
    pause: str
    first: str
    last: str
    back: str
    forward: str
    speed: str
    moment: str
    """Names the scrubber."""
    keys: str
    """Tells which keys work here."""
    arrows: str
    """Switches arrows on: who woke whom."""
    loop: str
    """Switches the loop's three columns on."""
    closer: str
    farther: str
    whole: str
    ready: str
    timers: str
    waiting: str
    nobody: str
    due: str
    """When a timer is due; holds `{at}`."""
    thread: str
    """Stands beside the name of a thread's lane."""
    timeline: str
    """Names a picture; holds `{title}`."""
    hidden: str
    """Tells how many lanes are left out; holds `{count}`."""
    incomplete: str
    at: str
    """Holds `{at}`."""
    at_seconds: str
    """Holds `{seconds}`."""
    unit: str
    milli: str
    in_line: str
    """Follows a sentence; holds `{line}`."""
    selected: str
    """What one span was; holds `{lane}`, `{what}`, `{seconds}`, `{from}`, `{to}`."""
    ended_by: str
    """Who ended a wait; holds `{by}`."""
    by_timer: str
    by_io: str
    download: str
    download_picture: str
    as_table: str
    who: str
    """Heads a column of the table, as the four below do."""
    did: str
    since: str
    until: str
    code_line: str
    rows_left_out: str
    """Holds `{count}`."""
    saving: str
    """Beside the bar of what overlapping saved; holds `{waits}` and `{seconds}`."""


_ENGLISH = ReplayWords(
    replay="Replay",
    play="Play",
    pause="Pause",
    first="To the start",
    last="To the end",
    back="Event before",
    forward="Next event",
    speed="Speed",
    moment="Moment of the run",
    keys="Space plays and pauses, ← and → go by event, Home and End to the start and the end.",
    arrows="Who woke whom",
    loop="Inside the loop",
    closer="Zoom in",
    farther="Zoom out",
    whole="Whole run",
    ready="Ready queue",
    timers="Timers",
    waiting="Waiting",
    nobody="nobody",
    due="due at {at}",
    thread="thread",
    timeline="Timeline: {title}",
    hidden="{count} more tasks or threads are not drawn.",
    incomplete="The record of this run is not whole.",
    at="+{at} s",
    at_seconds="{seconds} s",
    unit=" s",
    milli=" ms",
    in_line="line {line}",
    selected="{lane}: {what} for {seconds} s, from {from} to {to} s",
    ended_by="ended by {by}",
    by_timer="ended by its timer",
    by_io="ended because what it waited for had come",
    download="Download",
    download_picture="Download as PNG",
    as_table="The picture as a table",
    who="Task or thread",
    did="What",
    since="From (s)",
    until="To (s)",
    code_line="Line",
    rows_left_out="{count} more rows are not listed.",
    saving="{waits} s of waiting → {seconds} s",
)
_KOREAN = ReplayWords(
    replay="다시 보기",
    play="재생",
    pause="일시 정지",
    first="처음으로",
    last="끝으로",
    back="이전 사건",
    forward="다음 사건",
    speed="속도",
    moment="실행 시점",
    keys="스페이스: 재생과 정지, ← →: 사건 단위로 이동, Home과 End: 처음과 끝.",
    arrows="누가 누구를 깨웠나",
    loop="이벤트 루프 속",
    closer="확대",
    farther="축소",
    whole="전체 보기",
    ready="준비 큐",
    timers="타이머",
    waiting="대기",
    nobody="없음",
    due="{at}에 끝남",
    thread="스레드",
    timeline="타임라인: {title}",
    hidden="태스크와 스레드 {count}개는 그리지 않았습니다.",
    incomplete="이 실행의 기록은 완전하지 않습니다.",
    at="+{at}초",
    at_seconds="{seconds}초",
    unit="초",
    milli="ms",
    in_line="{line}번째 줄",
    selected="{lane}: {seconds}초 동안 {what} ({from}초 ~ {to}초)",
    ended_by="{by} 쪽에서 끝냄",
    by_timer="타이머가 끝나 깨어남",
    by_io="기다리던 것이 도착함",
    download="내려받기",
    download_picture="PNG로 내려받기",
    as_table="그림을 표로 보기",
    who="태스크 또는 스레드",
    did="한 일",
    since="부터(초)",
    until="까지(초)",
    code_line="코드 줄",
    rows_left_out="{count}줄은 싣지 않았습니다.",
    saving="대기 {waits}초 → {seconds}초",
)


def replay_words(locale: Locale) -> ReplayWords:
    """Return the sentences around a run in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)


def script_words(locale: Locale) -> dict[str, object]:
    """Return the sentences that the page's script says of a run, as JSON values."""
    say = captions(locale)
    states = {kind: getattr(say, kind) for kind in ("running", "waiting", "ready", "blocked")}
    moments = asdict(spoken(locale, ko=_MOMENTS_KO, en=_MOMENTS_EN))
    return {**asdict(replay_words(locale)), "moments": moments, "states": states}
