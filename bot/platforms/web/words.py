"""The sentences that only the playground needs, in Korean and English."""

from dataclasses import dataclass

from bot.languages import Locale, spoken


@dataclass(frozen=True, slots=True)
class WebWords:
    """Every sentence of the page, in one language."""

    title: str
    tagline: str
    welcome: str
    skip: str
    course: str
    conversation: str
    you: str
    tutor: str
    ask: str
    placeholder: str
    send: str
    stop: str
    stopped: str
    theme: str
    languages: str
    printed: str
    source: str
    choices: str
    working: str
    done: str
    failed: str
    copy: str
    copied: str
    copy_refused: str
    change: str
    """Opens the editor with the code that it stands beside."""
    pending: str
    """Said of a command that waits for the run before it."""
    no_script: str
    no_script_run: str
    how_to_ask: str
    nothing_to_leave: str
    suggestions: str
    how_long: str
    which_order: str
    which_lines: str
    never_printed: str
    how_ends: str
    move_up: str
    """Holds `{line}`."""
    move_down: str
    moved: str
    """Holds `{line}`, `{position}` and `{count}`."""
    predict: str
    seconds: str
    """Holds `{seconds}`."""
    stamp: str
    """When a line was printed; holds `{at}`."""
    why: str
    """Unfolds why a line was printed when it was; holds `{line}`."""
    read_on: str
    unknown_page: str
    wrong_method: str
    bad_request: str
    too_large: str
    wrong_host: str
    wrong_origin: str
    blocked: str
    too_many: str
    """Holds `{seconds}`."""
    too_many_streams: str
    went_wrong: str
    too_slow: str
    lost: str
    pictureless: str
    closing: str
    changed: str
    home: str
    concepts: str
    scenarios: str
    comparisons: str
    exercises: str
    present: str
    """Switches to the looks for a projector."""
    report: str
    run_now: str
    open_whole: str
    hero: str
    """What the first page begins with."""
    hero_one: str
    hero_both: str
    hero_label: str
    progress: str
    """How far a learner has got in a chapter; holds `{done}` and `{count}`."""
    documents: str
    """Names the links to the privacy page and the terms."""
    operator_unnamed: str
    """In the documents, where the operator is not named."""


_KOREAN = WebWords(
    title="asyncio 튜터",
    tagline="asyncio를 직접 실행하며 배웁니다",
    welcome="명령을 입력하거나 아래에서 골라 보세요. 코드가 실제로 실행되고, 출력되는 줄과 "
    "걸린 시간, 어떤 태스크가 언제 움직였는지를 그림으로 바로 볼 수 있습니다.",
    skip="본문으로 건너뛰기",
    course="강의 목록",
    conversation="대화",
    you="나",
    tutor="튜터",
    ask="무엇을 해 볼까요?",
    placeholder="/실행 gather",
    send="보내기",
    stop="중지",
    stopped="실행을 중지했습니다.",
    theme="밝은 화면과 어두운 화면 바꾸기",
    languages="언어",
    printed="출력된 줄",
    source="코드",
    choices="다음으로 할 일",
    working="답을 준비하고 있습니다.",
    done="답이 끝났습니다.",
    failed="답하지 못했습니다.",
    copy="복사",
    copied="복사했습니다",
    copy_refused="브라우저가 복사를 허용하지 않습니다",
    change="코드 바꿔 보기",
    pending="앞의 실행이 끝나면 이어서 실행합니다.",
    no_script="이 브라우저에서는 자바스크립트가 꺼져 있습니다. 설명과 강의는 왼쪽 위의 목록과 "
    "링크로 읽을 수 있지만, 시나리오를 실행하려면 자바스크립트를 켜야 합니다.",
    no_script_run="시나리오를 실행해 결과를 실시간으로 보려면 자바스크립트가 필요합니다. "
    "자바스크립트를 켜고 다시 열어 주세요. 설명과 강의는 그대로 읽을 수 있습니다.",
    how_to_ask="무엇을 할지 알 수 없습니다. 예를 들어 `/실행 gather`, `/설명 coroutine`, "
    "`/비교 sync gather`처럼 명령 뒤에 이름을 적어 주세요. 비교는 두 개에서 다섯 개까지 됩니다.",
    nothing_to_leave="여기서는 끝낼 것이 없습니다. 그만하려면 이 탭을 닫으면 됩니다.",
    suggestions="추천",
    how_long="모두 얼마나 걸릴까요?",
    which_order="어떤 순서로 출력될까요?",
    which_lines="어느 줄이 어떤 순서로 출력될까요? 출력되지 않을 줄에는 표시해 주세요.",
    never_printed="출력 안 됨",
    how_ends="어떻게 끝날까요?",
    move_up="위로 옮기기: {line}",
    move_down="아래로 옮기기: {line}",
    moved="{line}: {count}줄 가운데 {position}번째로 옮겼습니다.",
    predict="실행해서 확인하기",
    seconds="{seconds}초",
    stamp="+{at}초",
    why="왜 이때 나왔을까? {line}",
    read_on="더 읽기",
    unknown_page="여기에는 아무것도 없습니다. 주소를 확인하거나 첫 화면에서 다시 시작해 주세요.",
    wrong_method="이 주소에는 이런 방식으로 요청할 수 없습니다.",
    bad_request="요청을 이해할 수 없습니다. 페이지를 새로 고친 뒤 다시 해 주세요.",
    too_large="요청이 너무 큽니다. 더 짧게 적어 주세요.",
    wrong_host="이 서버는 이 호스트 이름으로 서비스하지 않습니다. 관리자는 허용할 호스트 이름을 "
    "설정에 추가해 주세요.",
    blocked="이 페이지의 운영자가 이용을 막았습니다. 잘못된 것 같으면 운영자에게 문의하세요.",
    wrong_origin="다른 사이트에서 보낸 요청은 받지 않습니다. 이 페이지를 직접 열어 주세요.",
    too_many="이 주소에서 요청이 너무 많이 왔습니다. {seconds}초 뒤에 다시 해 주세요.",
    too_many_streams="이 주소에서 동시에 받을 수 있는 답의 수를 넘었습니다. "
    "진행 중인 답이 끝난 뒤 다시 해 주세요.",
    went_wrong="서버에 문제가 생겨 답을 마치지 못했습니다. 잠시 뒤에 다시 해 주세요.",
    too_slow="답이 제시간에 오지 않았습니다. 잠시 뒤에 다시 해 주세요.",
    lost="서버와 연결이 끊겼습니다. 다시 시작하는 중일 수 있으니 잠시 뒤에 다시 해 주세요.",
    pictureless="그림을 불러오지 못했습니다. 다시 실행하면 보입니다.",
    closing="서버가 종료되어 여기까지만 보여 드립니다. 잠시 뒤에 다시 해 주세요.",
    changed="강의 내용이 바뀌었습니다. 다시 실행하면 새 내용으로 보입니다.",
    home="첫 화면으로",
    concepts="개념",
    scenarios="실행해 보기",
    comparisons="비교해 보기",
    exercises="직접 해 보기",
    present="발표 화면 켜고 끄기",
    report="잘못된 점 알리기",
    run_now="지금 실행하기",
    open_whole="플레이그라운드에서 열기",
    hero="같은 대기인데 5초와 3초",
    hero_one="하나씩 차례로",
    hero_both="함께 기다리기",
    hero_label="3초와 2초를 기다리는 두 작업: 하나씩 하면 5초, 함께 기다리면 3초가 걸립니다.",
    progress="{count}개 중 {done}개 해 봄",
    documents="안내",
    operator_unnamed="운영자의 이름이 설정되어 있지 않습니다. 이 봇이나 페이지를 알게 된 곳에 "
    "문의해 주세요.",
)

_ENGLISH = WebWords(
    title="asyncio tutor",
    tagline="Learn asyncio by running it",
    welcome="Type a command or pick one below. The code really runs, and you see each line as it "
    "is printed, how long it took, and a picture of which task ran when.",
    skip="Skip to the conversation",
    course="Course",
    conversation="Conversation",
    you="You",
    tutor="Tutor",
    ask="What shall we try?",
    placeholder="/run gather",
    send="Send",
    stop="Stop",
    stopped="Stopped the run.",
    theme="Switch between light and dark",
    languages="Language",
    printed="Printed lines",
    source="Code",
    choices="What to do next",
    working="Working on the answer.",
    done="The answer is complete.",
    failed="That did not work.",
    copy="Copy",
    copied="Copied",
    copy_refused="The browser does not let it be copied",
    change="Change it",
    pending="This runs as soon as the run before it is over.",
    no_script="JavaScript is off in this browser. Explanations and lessons can be read through "
    "the course list and the links, but running a scenario needs JavaScript.",
    no_script_run="Running a scenario and watching it live needs JavaScript. Please turn it on and "
    "open this page again. Explanations and lessons can be read without it.",
    how_to_ask="It is not clear what to do. Write a name after the command, as in `/run gather`, "
    "`/explain coroutine` or `/compare sync gather`. A comparison takes two to five names.",
    nothing_to_leave="There is nothing to leave here. To stop, just close this tab.",
    suggestions="Suggestions",
    how_long="How long will it take in all?",
    which_order="In which order will the lines be printed?",
    which_lines="Which lines will be printed, in which order? Tick those that never are.",
    never_printed="never printed",
    how_ends="How will it end?",
    move_up="Move up: {line}",
    move_down="Move down: {line}",
    moved="{line}: now at position {position} of {count}.",
    predict="Run it and see",
    seconds="{seconds} s",
    stamp="+{at} s",
    why="Why did it come then? {line}",
    read_on="Read on",
    unknown_page="There is nothing here. Check the address, or start again from the first page.",
    wrong_method="This address cannot be asked in this way.",
    bad_request="This request cannot be understood. Please reload the page and try again.",
    too_large="This request is too large. Please write less.",
    wrong_host="This server does not answer under this host name. Its admin can add the name to "
    "the allowed hosts in the settings.",
    blocked="The operators of this page have blocked you. Ask them if that is a mistake.",
    wrong_origin="Requests sent from other sites are not taken. Please open this page itself.",
    too_many="Too many requests came from your address. Please try again in {seconds} s.",
    too_many_streams="Too many answers are under way for your address. Please try again when "
    "one of them is complete.",
    went_wrong="Something went wrong on the server, and the answer is not complete. "
    "Please try again in a moment.",
    too_slow="The answer did not come in time. Please try again in a moment.",
    lost="The connection to the server is lost. It may be starting again: try again in a moment.",
    pictureless="The picture could not be loaded. Run it again to see it.",
    closing="The server is shutting down, so the answer ends here. Please try again in a moment.",
    changed="This lesson has changed. Run it again to see the new version.",
    home="To the first page",
    concepts="Concepts",
    scenarios="Run",
    comparisons="Compare",
    exercises="Exercises",
    present="Switch the looks for a projector on or off",
    report="Report a mistake",
    run_now="Run it now",
    open_whole="Open in the playground",
    hero="The same waiting: 5 seconds, or 3",
    hero_one="one after the other",
    hero_both="waiting together",
    hero_label="Two jobs that wait 3 and 2 seconds: one after the other they take 5 seconds, "
    "waiting together 3.",
    progress="{done} of {count} tried",
    documents="About this site",
    operator_unnamed="The operator has not given a name here: ask where you found this bot or "
    "page.",
)


def web_words(locale: Locale) -> WebWords:
    """Return the page's sentences in `locale`."""
    return spoken(locale, ko=_KOREAN, en=_ENGLISH)
