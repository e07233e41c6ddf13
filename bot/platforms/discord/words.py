"""What only Discord's learners read: command names, quiz menus, and manners."""

from bot.languages import Wording
from bot.tutor.words.speech import FixedSentence, Speech

LANGUAGE = Wording(en="language", ko="언어")
LANGUAGE_ABOUT = Wording(en="The language of the answer", ko="답의 언어")
PRIVATE = Wording(en="private", ko="나만")
PRIVATE_ABOUT = Wording(en="Show the answer to you alone", ko="답을 나에게만 보여 줍니다")
STATUS = "/help · /도움말"
"""Stands under the bot's name."""
RUN_THIS = Wording(en="Run this code", ko="이 코드 실행하기")
EXPLAIN_THIS = Wording(en="Explain this", ko="이 메시지 설명하기")


class DiscordWords(Speech):
    """The sentences of this platform alone, in one language."""

    __slots__ = ()

    again = FixedSentence(ko="다시 요청하기", en="Ask again")
    """A button's label: asks the same once more."""
    started = FixedSentence(
        ko="{moment}에 시작했습니다. 더 이상 소식이 없으면 “{again}”를 눌러 주세요.",
        en="Started {moment}. If nothing more arrives here, press “{again}”.",
    )
    """Under a run that is still going; holds `{moment}` and `{again}`."""
    started_only = FixedSentence(ko="{moment}에 시작했습니다.", en="Started {moment}.")
    """The same where there is no such button; holds `{moment}`."""
    empty = FixedSentence(ko="(출력이 없습니다)", en="(nothing was printed)")
    """In place of a sequence without a line."""
    left_out = FixedSentence(ko="… {count}줄 생략 …", en="… {count} lines left out …")
    """In place of lines that did not fit; holds `{count}`."""
    whole_below = FixedSentence(
        ko="길어서 줄였습니다. 전체 내용은 파일에 있습니다.",
        en="Shortened to fit. The whole text is in the file.",
    )
    show_all = FixedSentence(ko="전체 출력 보기", en="Show all output")
    replay = FixedSentence(ko="다시 보기", en="Replay")
    replay_still = FixedSentence(
        ko="이 실행은 움직이는 그림으로 보여 줄 수 없습니다. 1 MiB 애니메이션에 들어가지 않거나, "
        "지금 그리는 그림이 너무 많습니다. 대신 정지한 그림을 보여 줍니다.",
        en="This run could not be shown moving: it does not fit into an animation of 1 MiB, or "
        "too many are being drawn. Here is its picture.",
    )
    """Where a run cannot be shown moving: above its picture."""
    page = FixedSentence(ko="{pages}쪽 중 {page}쪽", en="Page {page} of {pages}")
    """Holds `{page}` and `{pages}`."""
    previous = FixedSentence(ko="이전", en="Back")
    next = FixedSentence(ko="다음 쪽", en="Next page")
    output_gone = FixedSentence(
        ko="전체 출력 파일이 더 이상 없습니다. 시나리오를 다시 실행해 주세요.",
        en="The file with the whole output is no longer here. Run the scenario again.",
    )
    pick = FixedSentence(ko="열어 볼 항목을 고르세요", en="Pick one to open it")
    """The placeholder of a menu of things to open."""
    typed = FixedSentence(
        ko="계속하려면 `{command}`를 입력해 주세요", en="To go on, type `{command}`"
    )
    """Before a command to type, where no button could hold it; holds `{command}`."""
    wait_learner = FixedSentence(
        ko="짧은 시간에 요청이 많았습니다. {seconds}초 뒤에 다시 요청해 주세요.",
        en="You have asked a lot in a short time. Please wait {seconds} seconds, then ask again.",
    )
    """Holds `{seconds}`."""
    wait_place = FixedSentence(
        ko="이 서버에서 짧은 시간에 요청이 많았습니다. {seconds}초 뒤에 다시 요청해 주세요. "
        "저와의 개인 메시지에서는 바로 이어서 할 수 있습니다.",
        en="This server has asked a lot in a short time. Please wait {seconds} seconds, then ask "
        "again; in a direct message with me you can go on right away.",
    )
    """Holds `{seconds}`."""
    stale = FixedSentence(
        ko="이 버튼은 이전 버전의 것이라 더 이상 동작하지 않습니다. `/강의`나 `/도움말`로 다시 "
        "시작해 주세요.",
        en="This button comes from an older version of the tutor and no longer works. Start "
        "afresh with `/lessons` or `/help`.",
    )
    unknown_command = FixedSentence(
        ko="지금 튜터에는 없는 명령입니다. 디스코드가 이전 목록을 보여 주는 중일 수 있으니, "
        "디스코드를 다시 켜면 새 목록이 나옵니다. `/강의`나 `/도움말`로 계속해 주세요.",
        en="This version of the tutor has no such command. Discord may still show an older list: "
        "restarting Discord loads it again. Go on with `/lessons` or `/help`.",
    )
    broken = FixedSentence(
        ko="저희 쪽 문제로 답을 드리지 못했습니다. 원인은 봇의 로그에 남겼습니다. 잠시 뒤에 다시 "
        "시도해 주세요.",
        en="Something went wrong on our side, so there is no answer. It has been written to the "
        "bot's log. Please try again in a moment.",
    )
    stop = FixedSentence(ko="멈추기", en="Stop")
    delete = FixedSentence(ko="지우기", en="Delete")
    share = FixedSentence(ko="여기에 공유", en="Share here")
    report = FixedSentence(ko="잘못된 점 알리기", en="Report a mistake")
    not_yours = FixedSentence(
        ko="이 답을 요청한 사람만 할 수 있습니다.", en="Only who asked for this answer can do that."
    )
    stopped_by_asker = FixedSentence(ko="요청하신 대로 멈췄습니다.", en="Stopped, as you asked.")
    not_running = FixedSentence(
        ko="이미 끝났거나 튜터가 다시 시작되어 더 이상 실행 중이 아닙니다. 다시 실행하려면 “다시 "
        "요청하기”를 누르거나 명령을 입력해 주세요.",
        en="This does not run any more: it has ended, or the tutor was restarted. To run it "
        "again, press “Ask again” or type the command.",
    )
    """After *Stop* on what does not run any more, or not here."""
    not_shared = FixedSentence(
        ko="디스코드가 이 답의 파일을 더 이상 주지 않습니다. `나만` 없이 다시 요청해 주세요.",
        en="Discord no longer gives out this answer's files. Ask again without `private`.",
    )
    sharing_off = FixedSentence(
        ko="이 봇의 운영자가 이제는 직접 쓴 코드의 답을 공유하지 못하게 했습니다.",
        en="The operators of this bot no longer let answers to own code be shared.",
    )
    """Where operators no longer let own code be shared."""
    not_here = FixedSentence(
        ko="이 채널에서는 튜터를 쓸 수 없습니다. 운영자가 정한 다른 채널이나 저와의 개인 "
        "메시지에서 요청해 주세요.",
        en="The tutor is not open in this channel. Its operators have chosen where it answers: "
        "try another channel, or a direct message with me.",
    )
    stopped = FixedSentence(
        ko="튜터를 다시 시작하는 중이라 끝나기 전에 멈췄습니다. 잠시 뒤 아래 버튼으로 다시 요청해 "
        "주세요.",
        en="The tutor is restarting, so this was stopped before its end. Ask again in a minute: "
        "the button below works as soon as it is back.",
    )
    blocked = FixedSentence(
        ko="이 봇의 운영자가 이용을 막았습니다. 잘못된 것 같으면 운영자에게 문의하세요.",
        en="The operators of this bot have blocked you. Ask them if that is a mistake.",
    )
    unshowable = FixedSentence(
        ko="디스코드가 전체 답을 받아들이지 않아 여기까지만 보여 드립니다.",
        en="Discord did not accept the full answer, so this is all that can be shown.",
    )
    written = FixedSentence(
        ko="저는 명령에 답합니다. `/`를 입력해 고르거나 버튼을 눌러 주세요.",
        en="I answer commands: type `/` and choose one, or press a button.",
    )
    """The answer to a direct message."""
    nothing_named = FixedSentence(
        ko="이 메시지에서 과정의 개념을 찾지 못했습니다. `/설명`에서 목록의 개념을 골라 주세요.",
        en="I could not find a concept of the course in that message. Try `/explain` and choose "
        "one from the list.",
    )
    quiz_time = FixedSentence(ko="전부 몇 초 걸릴까요?", en="How long will it take in all?")
    quiz_open = FixedSentence(ko="예측하기", en="Make a prediction")
    quiz_form = FixedSentence(ko="나의 예측", en="Your prediction")
    """The form's title, in at most 45 characters."""
    quiz_which_order = FixedSentence(
        ko="어떤 순서로 출력될까요?", en="In which order does it print?"
    )
    """In at most 45 characters, as are the other questions."""
    quiz_nothing = FixedSentence(
        ko="고른 답이 없습니다. 다시 열어 하나라도 골라 주세요.",
        en="Nothing was chosen. Open the form again and choose one answer at least.",
    )
    quiz_ending = FixedSentence(ko="어떻게 끝날까요?", en="How does it end?")


class OwnCodeFormWords(Speech):
    """What is read about code of one's own."""

    __slots__ = ()

    title = FixedSentence(ko="내 코드 실행하기", en="Try your own code")
    """The editor's, at most 45 characters, as its labels are."""
    code = FixedSentence(ko="asyncio 코드", en="asyncio code")
    placeholder = FixedSentence(ko="import asyncio …", en="import asyncio …")
    too_long_here = FixedSentence(
        ko="여기에 다 들어가지 않는 코드입니다. code.py를 고쳐 아래에 올려 주세요.",
        en="This code is longer than fits here: change code.py, and upload it below.",
    )
    """In place of the code where it is longer than the editor holds."""
    file = FixedSentence(ko="또는 파일", en="Or a file")
    file_about = FixedSentence(
        ko="20 kB까지. 파일을 올리면 위의 내용 대신 실행합니다.",
        en="At most 20 kB; it takes the place of what stands above.",
    )
    edit = FixedSentence(ko="고쳐서 다시 실행", en="Edit and run again")
    nothing_found = FixedSentence(
        ko="Python 코드를 찾지 못했습니다. 메시지에서는 코드 앞뒤에 백틱 세 개를 붙여 코드 "
        "블록으로 만들어 주세요.",
        en="No Python code was found. In a message, put it into a code block: three backticks "
        "before and after.",
    )
    gone = FixedSentence(
        ko="코드가 더 이상 없습니다. `/코드`에 붙여 넣어 주세요.",
        en="The code is no longer here. Paste it into `/try`.",
    )
    no_text = FixedSentence(
        ko="이 파일은 UTF-8 텍스트가 아닙니다. UTF-8로 저장해 다시 올려 주세요.",
        en="This file is not text in UTF-8. Save it as UTF-8, and upload it once more.",
    )
    not_read = FixedSentence(
        ko="디스코드에서 파일을 읽지 못했습니다. 다시 해 주세요.",
        en="The file could not be read from Discord. Please try again.",
    )


class DiscordExerciseWords(Speech):
    """What is read about exercises. Labels have at most 45 characters."""

    __slots__ = ()

    answer = FixedSentence(ko="답하기", en="Answer")
    """The button's, and the form's title."""
    code = FixedSentence(ko="내 답", en="Your solution")
    place = FixedSentence(ko="{number}번째 블록", en="Block {number}")
    """Over the menu for one block; holds {number}."""
    nothing = FixedSentence(ko="(블록 없음)", en="(no block here)")
    """What a menu offers for a place that stays empty."""
    reason = FixedSentence(ko="어느 까닭이 맞을까요?", en="Which reason is right?")
    file = FixedSentence(ko="또는 파일", en="Or a file")
    file_about = FixedSentence(
        ko="20 kB 이하. 위에 적은 것을 대신합니다.",
        en="At most 20 kB; it takes the place of what stands above.",
    )
    empty = FixedSentence(
        ko="고른 것이 없어 아무것도 실행하지 않았습니다.",
        en="Nothing was chosen, so nothing was run.",
    )
    """Said of a form in which nothing was given."""
