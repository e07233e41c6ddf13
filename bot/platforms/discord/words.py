"""What only Discord's learners read: command names, quiz menus, and manners."""

from dataclasses import dataclass

from bot.languages import Locale, Wording, spoken

LANGUAGE = Wording(en="language", ko="언어")
LANGUAGE_ABOUT = Wording(en="The language of the answer", ko="답의 언어")
PRIVATE = Wording(en="private", ko="나만")
PRIVATE_ABOUT = Wording(en="Show the answer to you alone", ko="답을 나에게만 보여 줍니다")
STATUS = "/help · /도움말"
"""Stands under the bot's name."""
EXPLAIN_THIS = Wording(en="Explain this", ko="이 메시지 설명하기")


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
    replay: str
    replay_still: str
    """Where a run cannot be shown moving: above its picture."""
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
    stop: str
    delete: str
    share: str
    report: str
    not_yours: str
    stopped_by_asker: str
    not_running: str
    """After *Stop* on what does not run any more, or not here."""
    not_shared: str
    sharing_off: str
    """Where operators no longer let own code be shared."""
    not_here: str
    stopped: str
    blocked: str
    unshowable: str
    written: str
    """The answer to a direct message."""
    nothing_named: str
    quiz_time: str
    quiz_open: str
    quiz_form: str
    """The form's title, in at most 45 characters."""
    quiz_which_order: str
    """In at most 45 characters, as are the other questions."""
    quiz_nothing: str
    quiz_ending: str
    seconds: str
    """Holds `{seconds}`."""


_ENGLISH = DiscordWords(
    again="Ask again",
    started="Started {moment}. If nothing more arrives here, press “{again}”.",
    started_only="Started {moment}.",
    empty="(nothing was printed)",
    left_out="… {count} lines left out …",
    whole_below="Shortened to fit. The whole text is in the file.",
    show_all="Show all output",
    replay="Replay",
    replay_still=(
        "This run could not be shown moving: it does not fit into an animation of 1 MiB, or too "
        "many are being drawn. Here is its picture."
    ),
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
    stop="Stop",
    delete="Delete",
    share="Share here",
    report="Report a mistake",
    not_yours="Only who asked for this answer can do that.",
    stopped_by_asker="Stopped, as you asked.",
    not_running=(
        "This does not run any more: it has ended, or the tutor was restarted. "
        "To run it again, press “Ask again” or type the command."
    ),
    not_shared="Discord no longer gives out this answer's files. Ask again without `private`.",
    sharing_off="The operators of this bot no longer let answers to own code be shared.",
    not_here=(
        "The tutor is not open in this channel. Its operators have chosen where it answers: "
        "try another channel, or a direct message with me."
    ),
    blocked="The operators of this bot have blocked you. Ask them if that is a mistake.",
    stopped=(
        "The tutor is restarting, so this was stopped before its end. "
        "Ask again in a minute: the button below works as soon as it is back."
    ),
    written="I answer commands: type `/` and choose one, or press a button.",
    unshowable="Discord did not accept the full answer, so this is all that can be shown.",
    nothing_named=(
        "I could not find a concept of the course in that message. "
        "Try `/explain` and choose one from the list."
    ),
    quiz_open="Make a prediction",
    quiz_form="Your prediction",
    quiz_which_order="In which order does it print?",
    quiz_nothing="Nothing was chosen. Open the form again and choose one answer at least.",
    quiz_time="How long will it take in all?",
    quiz_ending="How does it end?",
    seconds="{seconds} s",
)

_KOREAN = DiscordWords(
    again="다시 요청하기",
    started="{moment}에 시작했습니다. 더 이상 소식이 없으면 “{again}”를 눌러 주세요.",
    started_only="{moment}에 시작했습니다.",
    empty="(출력이 없습니다)",
    left_out="… {count}줄 생략 …",
    whole_below="길어서 줄였습니다. 전체 내용은 파일에 있습니다.",
    show_all="전체 출력 보기",
    replay="다시 보기",
    replay_still=(
        "이 실행은 움직이는 그림으로 보여 줄 수 없습니다. 1 MiB 애니메이션에 들어가지 않거나, "
        "지금 그리는 그림이 너무 많습니다. 대신 정지한 그림을 보여 줍니다."
    ),
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
    stop="멈추기",
    delete="지우기",
    share="여기에 공유",
    report="잘못된 점 알리기",
    not_yours="이 답을 요청한 사람만 할 수 있습니다.",
    stopped_by_asker="요청하신 대로 멈췄습니다.",
    not_running=(
        "이미 끝났거나 튜터가 다시 시작되어 더 이상 실행 중이 아닙니다. "
        "다시 실행하려면 “다시 요청하기”를 누르거나 명령을 입력해 주세요."
    ),
    not_shared=("디스코드가 이 답의 파일을 더 이상 주지 않습니다. `나만` 없이 다시 요청해 주세요."),
    sharing_off="이 봇의 운영자가 이제는 직접 쓴 코드의 답을 공유하지 못하게 했습니다.",
    not_here=(
        "이 채널에서는 튜터를 쓸 수 없습니다. 운영자가 정한 다른 채널이나 "
        "저와의 개인 메시지에서 요청해 주세요."
    ),
    blocked="이 봇의 운영자가 이용을 막았습니다. 잘못된 것 같으면 운영자에게 문의하세요.",
    stopped=(
        "튜터를 다시 시작하는 중이라 끝나기 전에 멈췄습니다. "
        "잠시 뒤 아래 버튼으로 다시 요청해 주세요."
    ),
    written="저는 명령에 답합니다. `/`를 입력해 고르거나 버튼을 눌러 주세요.",
    unshowable="디스코드가 전체 답을 받아들이지 않아 여기까지만 보여 드립니다.",
    nothing_named=(
        "이 메시지에서 과정의 개념을 찾지 못했습니다. `/설명`에서 목록의 개념을 골라 주세요."
    ),
    quiz_open="예측하기",
    quiz_form="나의 예측",
    quiz_which_order="어떤 순서로 출력될까요?",
    quiz_nothing="고른 답이 없습니다. 다시 열어 하나라도 골라 주세요.",
    quiz_time="전부 몇 초 걸릴까요?",
    quiz_ending="어떻게 끝날까요?",
    seconds="{seconds}초",
)


def discord_words(locale: Locale) -> DiscordWords:
    """Return this platform's sentences in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)
