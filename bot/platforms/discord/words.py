"""What only Discord's learners read: command names, quiz menus, and manners."""

from dataclasses import dataclass

from bot.lessons.model import Locale, Localized

EXPLAIN_THIS = Localized(en="Explain this", ko="이 메시지 설명하기")


@dataclass(frozen=True, slots=True)
class DiscordWords:
    """The sentences of this platform alone, in one language."""

    again: str
    """A button's label: asks the same once more."""
    started: str
    """Under a run that is still going; holds `{moment}` and `{again}`."""
    started_only: str
    """The same where there is no such button; holds `{moment}`."""
    empty: str
    """In place of a sequence without a line."""
    left_out: str
    """In place of lines that did not fit; holds `{count}`."""
    whole_below: str
    show_all: str
    page: str
    """Holds `{page}` and `{pages}`."""
    previous: str
    next: str
    output_gone: str
    pick: str
    """The placeholder of a menu of things to open."""
    typed: str
    """Before a command to type, where no button could hold it; holds `{command}`."""
    wait_learner: str
    """Holds `{seconds}`."""
    wait_place: str
    """Holds `{seconds}`."""
    stale: str
    unknown_command: str
    broken: str
    stopped: str
    blocked: str
    unshowable: str
    nothing_named: str
    quiz_time: str
    quiz_line: str
    """Holds `{position}`."""
    quiz_chosen_time: str
    """Holds `{seconds}`."""
    quiz_order: str
    quiz_line_or_none: str
    """`position`; where lines may be left out."""
    quiz_left_out: str
    quiz_ending: str
    quiz_chosen_ending: str
    """`ending`."""
    quiz_undo: str
    quiz_run: str
    seconds: str
    """Holds `{seconds}`."""


ENGLISH = DiscordWords(
    again="Ask again",
    started="Started {moment}. If nothing more arrives here, press “{again}”.",
    started_only="Started {moment}.",
    empty="(nothing was printed)",
    left_out="… {count} lines left out …",
    whole_below="Shortened to fit. The whole text is in the file.",
    show_all="Show all output",
    page="Page {page} of {pages}",
    previous="Back",
    next="Next page",
    output_gone="The file with the whole output is no longer here. Run the scenario again.",
    pick="Pick one to open it",
    typed="To go on, type `{command}`",
    wait_learner=(
        "You have asked a lot in a short time. Please wait {seconds} seconds, then ask again."
    ),
    wait_place=(
        "This server has asked a lot in a short time. Please wait {seconds} seconds, then ask "
        "again; in a direct message with me you can go on right away."
    ),
    stale=(
        "This button comes from an older version of the tutor and no longer works. "
        "Start afresh with `/lessons` or `/help`."
    ),
    unknown_command=(
        "This version of the tutor has no such command. Discord may still show an older list: "
        "restarting Discord loads it again. Go on with `/lessons` or `/help`."
    ),
    broken=(
        "Something went wrong on our side, so there is no answer. It has been written to the "
        "bot's log. Please try again in a moment."
    ),
    blocked="The operators of this bot have blocked you. Ask them if that is a mistake.",
    stopped=(
        "The tutor is restarting, so this was stopped before its end. "
        "Ask again in a minute: the button below works as soon as it is back."
    ),
    unshowable="Discord did not accept the full answer, so this is all that can be shown.",
    nothing_named=(
        "I could not find a concept of the course in that message. "
        "Try `/explain` and choose one from the list."
    ),
    quiz_time="How long will it take in all?",
    quiz_line="Which line is printed as number {position}?",
    quiz_chosen_time="Total time: **{seconds} s**",
    quiz_order="Your order:",
    quiz_line_or_none="Which line is number {position}? Leave out what is never printed.",
    quiz_left_out="-# The other lines count as never printed.",
    quiz_ending="How does it end?",
    quiz_chosen_ending="Ending: **{ending}**",
    quiz_undo="Take back a line",
    quiz_run="Run it and see",
    seconds="{seconds} s",
)

KOREAN = DiscordWords(
    again="다시 요청하기",
    started="{moment}에 시작했습니다. 더 이상 소식이 없으면 “{again}”를 눌러 주세요.",
    started_only="{moment}에 시작했습니다.",
    empty="(출력이 없습니다)",
    left_out="… {count}줄 생략 …",
    whole_below="길어서 줄였습니다. 전체 내용은 파일에 있습니다.",
    show_all="전체 출력 보기",
    page="{pages}쪽 중 {page}쪽",
    previous="이전",
    next="다음 쪽",
    output_gone="전체 출력 파일이 더 이상 없습니다. 시나리오를 다시 실행해 주세요.",
    pick="열어 볼 항목을 고르세요",
    typed="계속하려면 `{command}`를 입력해 주세요",
    wait_learner="짧은 시간에 요청이 많았습니다. {seconds}초 뒤에 다시 요청해 주세요.",
    wait_place=(
        "이 서버에서 짧은 시간에 요청이 많았습니다. {seconds}초 뒤에 다시 요청해 주세요. "
        "저와의 개인 메시지에서는 바로 이어서 할 수 있습니다."
    ),
    stale=(
        "이 버튼은 이전 버전의 것이라 더 이상 동작하지 않습니다. "
        "`/강의`나 `/도움말`로 다시 시작해 주세요."
    ),
    unknown_command=(
        "지금 튜터에는 없는 명령입니다. 디스코드가 이전 목록을 보여 주는 중일 수 있으니, "
        "디스코드를 다시 켜면 새 목록이 나옵니다. `/강의`나 `/도움말`로 계속해 주세요."
    ),
    broken=(
        "저희 쪽 문제로 답을 드리지 못했습니다. 원인은 봇의 로그에 남겼습니다. "
        "잠시 뒤에 다시 시도해 주세요."
    ),
    blocked="이 봇의 운영자가 이용을 막았습니다. 잘못된 것 같으면 운영자에게 문의하세요.",
    stopped=(
        "튜터를 다시 시작하는 중이라 끝나기 전에 멈췄습니다. "
        "잠시 뒤 아래 버튼으로 다시 요청해 주세요."
    ),
    unshowable="디스코드가 전체 답을 받아들이지 않아 여기까지만 보여 드립니다.",
    nothing_named=(
        "이 메시지에서 과정의 개념을 찾지 못했습니다. `/설명`에서 목록의 개념을 골라 주세요."
    ),
    quiz_time="전부 몇 초 걸릴까요?",
    quiz_line="{position}번째로 출력될 줄은 무엇일까요?",
    quiz_chosen_time="전체 시간: **{seconds}초**",
    quiz_order="내가 예측한 순서:",
    quiz_line_or_none="{position}번째 줄은 무엇일까요? 출력되지 않을 줄은 빼세요.",
    quiz_left_out="-# 나머지 줄은 출력되지 않는다고 예측한 것으로 봅니다.",
    quiz_ending="어떻게 끝날까요?",
    quiz_chosen_ending="끝: **{ending}**",
    quiz_undo="한 줄 되돌리기",
    quiz_run="실행해서 확인하기",
    seconds="{seconds}초",
)


def discord_words(locale: Locale) -> DiscordWords:
    """Return this platform's sentences in `locale`."""
    return KOREAN if locale == "ko" else ENGLISH
