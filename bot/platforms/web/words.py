"""The sentences that only the playground needs, in Korean and English."""

from bot.tutor.words.speech import FixedSentence, Speech


class WebWords(Speech):
    """Every sentence of the page, in one language."""

    __slots__ = ()

    title = FixedSentence(ko="asyncio 튜터", en="asyncio tutor")
    tagline = FixedSentence(ko="asyncio를 직접 실행하며 배웁니다", en="Learn asyncio by running it")
    welcome = FixedSentence(
        ko="명령을 입력하거나 아래에서 골라 보세요. 코드가 실제로 실행되고, 출력되는 줄과 걸린 "
        "시간, 어떤 태스크가 언제 움직였는지를 그림으로 바로 볼 수 있습니다.",
        en="Type a command or pick one below. The code really runs, and you see each line as it "
        "is printed, how long it took, and a picture of which task ran when.",
    )
    skip = FixedSentence(ko="본문으로 건너뛰기", en="Skip to the conversation")
    course = FixedSentence(ko="강의 목록", en="Course")
    conversation = FixedSentence(ko="대화", en="Conversation")
    you = FixedSentence(ko="나", en="You")
    tutor = FixedSentence(ko="튜터", en="Tutor")
    ask = FixedSentence(ko="무엇을 해 볼까요?", en="What shall we try?")
    placeholder = FixedSentence(ko="/실행 gather", en="/run gather")
    send = FixedSentence(ko="보내기", en="Send")
    stop = FixedSentence(ko="중지", en="Stop")
    stopped = FixedSentence(ko="실행을 중지했습니다.", en="Stopped the run.")
    theme = FixedSentence(ko="밝은 화면과 어두운 화면 바꾸기", en="Switch between light and dark")
    languages = FixedSentence(ko="언어", en="Language")
    printed = FixedSentence(ko="출력된 줄", en="Printed lines")
    source = FixedSentence(ko="코드", en="Code")
    choices = FixedSentence(ko="다음으로 할 일", en="What to do next")
    working = FixedSentence(ko="답을 준비하고 있습니다.", en="Working on the answer.")
    done = FixedSentence(ko="답이 끝났습니다.", en="The answer is complete.")
    failed = FixedSentence(ko="답하지 못했습니다.", en="That did not work.")
    copy = FixedSentence(ko="복사", en="Copy")
    copied = FixedSentence(ko="복사했습니다", en="Copied")
    copy_refused = FixedSentence(
        ko="브라우저가 복사를 허용하지 않습니다", en="The browser does not let it be copied"
    )
    change = FixedSentence(ko="코드 바꿔 보기", en="Change it")
    """Opens the editor with the code that it stands beside."""
    pending = FixedSentence(
        ko="앞의 실행이 끝나면 이어서 실행합니다.",
        en="This runs as soon as the run before it is over.",
    )
    """Said of a command that waits for the run before it."""
    no_script = FixedSentence(
        ko="이 브라우저에서는 자바스크립트가 꺼져 있습니다. 설명과 강의는 왼쪽 위의 목록과 링크로 "
        "읽을 수 있지만, 시나리오를 실행하려면 자바스크립트를 켜야 합니다.",
        en="JavaScript is off in this browser. Explanations and lessons can be read through the "
        "course list and the links, but running a scenario needs JavaScript.",
    )
    no_script_run = FixedSentence(
        ko="시나리오를 실행해 결과를 실시간으로 보려면 자바스크립트가 필요합니다. 자바스크립트를 "
        "켜고 다시 열어 주세요. 설명과 강의는 그대로 읽을 수 있습니다.",
        en="Running a scenario and watching it live needs JavaScript. Please turn it on and open "
        "this page again. Explanations and lessons can be read without it.",
    )
    how_to_ask = FixedSentence(
        ko="무엇을 할지 알 수 없습니다. 예를 들어 `/실행 gather`, `/설명 coroutine`, `/비교 sync "
        "gather`처럼 명령 뒤에 이름을 적어 주세요. 비교는 두 개에서 다섯 개까지 됩니다.",
        en="It is not clear what to do. Write a name after the command, as in `/run gather`, "
        "`/explain coroutine` or `/compare sync gather`. A comparison takes two to five names.",
    )
    nothing_to_leave = FixedSentence(
        ko="여기서는 끝낼 것이 없습니다. 그만하려면 이 탭을 닫으면 됩니다.",
        en="There is nothing to leave here. To stop, just close this tab.",
    )
    suggestions = FixedSentence(ko="추천", en="Suggestions")
    how_long = FixedSentence(ko="모두 얼마나 걸릴까요?", en="How long will it take in all?")
    which_order = FixedSentence(
        ko="어떤 순서로 출력될까요?", en="In which order will the lines be printed?"
    )
    which_lines = FixedSentence(
        ko="어느 줄이 어떤 순서로 출력될까요? 출력되지 않을 줄에는 표시해 주세요.",
        en="Which lines will be printed, in which order? Tick those that never are.",
    )
    never_printed = FixedSentence(ko="출력 안 됨", en="never printed")
    how_ends = FixedSentence(ko="어떻게 끝날까요?", en="How will it end?")
    move_up = FixedSentence(ko="위로 옮기기: {line}", en="Move up: {line}")
    """Holds `{line}`."""
    move_down = FixedSentence(ko="아래로 옮기기: {line}", en="Move down: {line}")
    moved = FixedSentence(
        ko="{line}: {count}줄 가운데 {position}번째로 옮겼습니다.",
        en="{line}: now at position {position} of {count}.",
    )
    """Holds `{line}`, `{position}` and `{count}`."""
    predict = FixedSentence(ko="실행해서 확인하기", en="Run it and see")
    stamp = FixedSentence(ko="+{at}초", en="+{at} s")
    """When a line was printed; holds `{at}`."""
    why = FixedSentence(ko="왜 이때 나왔을까? {line}", en="Why did it come then? {line}")
    """Unfolds why a line was printed when it was; holds `{line}`."""
    read_on = FixedSentence(ko="더 읽기", en="Read on")
    unknown_page = FixedSentence(
        ko="여기에는 아무것도 없습니다. 주소를 확인하거나 첫 화면에서 다시 시작해 주세요.",
        en="There is nothing here. Check the address, or start again from the first page.",
    )
    wrong_method = FixedSentence(
        ko="이 주소에는 이런 방식으로 요청할 수 없습니다.",
        en="This address cannot be asked in this way.",
    )
    bad_request = FixedSentence(
        ko="요청을 이해할 수 없습니다. 페이지를 새로 고친 뒤 다시 해 주세요.",
        en="This request cannot be understood. Please reload the page and try again.",
    )
    too_large = FixedSentence(
        ko="요청이 너무 큽니다. 더 짧게 적어 주세요.",
        en="This request is too large. Please write less.",
    )
    wrong_host = FixedSentence(
        ko="이 서버는 이 호스트 이름으로 서비스하지 않습니다. 관리자는 허용할 호스트 이름을 "
        "설정에 추가해 주세요.",
        en="This server does not answer under this host name. Its admin can add the name to the "
        "allowed hosts in the settings.",
    )
    wrong_origin = FixedSentence(
        ko="다른 사이트에서 보낸 요청은 받지 않습니다. 이 페이지를 직접 열어 주세요.",
        en="Requests sent from other sites are not taken. Please open this page itself.",
    )
    blocked = FixedSentence(
        ko="이 페이지의 운영자가 이용을 막았습니다. 잘못된 것 같으면 운영자에게 문의하세요.",
        en="The operators of this page have blocked you. Ask them if that is a mistake.",
    )
    too_many = FixedSentence(
        ko="이 주소에서 요청이 너무 많이 왔습니다. {seconds}초 뒤에 다시 해 주세요.",
        en="Too many requests came from your address. Please try again in {seconds} s.",
    )
    """Holds `{seconds}`."""
    too_many_streams = FixedSentence(
        ko="이 주소에서 동시에 받을 수 있는 답의 수를 넘었습니다. 진행 중인 답이 끝난 뒤 다시 해 "
        "주세요.",
        en="Too many answers are under way for your address. Please try again when one of them is "
        "complete.",
    )
    went_wrong = FixedSentence(
        ko="서버에 문제가 생겨 답을 마치지 못했습니다. 잠시 뒤에 다시 해 주세요.",
        en="Something went wrong on the server, and the answer is not complete. Please try again "
        "in a moment.",
    )
    too_slow = FixedSentence(
        ko="답이 제시간에 오지 않았습니다. 잠시 뒤에 다시 해 주세요.",
        en="The answer did not come in time. Please try again in a moment.",
    )
    lost = FixedSentence(
        ko="서버와 연결이 끊겼습니다. 다시 시작하는 중일 수 있으니 잠시 뒤에 다시 해 주세요.",
        en="The connection to the server is lost. It may be starting again: try again in a moment.",
    )
    pictureless = FixedSentence(
        ko="그림을 불러오지 못했습니다. 다시 실행하면 보입니다.",
        en="The picture could not be loaded. Run it again to see it.",
    )
    closing = FixedSentence(
        ko="서버가 종료되어 여기까지만 보여 드립니다. 잠시 뒤에 다시 해 주세요.",
        en="The server is shutting down, so the answer ends here. Please try again in a moment.",
    )
    changed = FixedSentence(
        ko="강의 내용이 바뀌었습니다. 다시 실행하면 새 내용으로 보입니다.",
        en="This lesson has changed. Run it again to see the new version.",
    )
    home = FixedSentence(ko="첫 화면으로", en="To the first page")
    concepts = FixedSentence(ko="개념", en="Concepts")
    scenarios = FixedSentence(ko="실행해 보기", en="Run")
    comparisons = FixedSentence(ko="비교해 보기", en="Compare")
    exercises = FixedSentence(ko="직접 해 보기", en="Exercises")
    present = FixedSentence(
        ko="발표 화면 켜고 끄기", en="Switch the looks for a projector on or off"
    )
    """Switches to the looks for a projector."""
    report = FixedSentence(ko="잘못된 점 알리기", en="Report a mistake")
    run_now = FixedSentence(ko="지금 실행하기", en="Run it now")
    open_whole = FixedSentence(ko="플레이그라운드에서 열기", en="Open in the playground")
    hero = FixedSentence(ko="같은 대기인데 5초와 3초", en="The same waiting: 5 seconds, or 3")
    """What the first page begins with."""
    hero_one = FixedSentence(ko="하나씩 차례로", en="one after the other")
    hero_both = FixedSentence(ko="함께 기다리기", en="waiting together")
    hero_label = FixedSentence(
        ko="3초와 2초를 기다리는 두 작업: 하나씩 하면 5초, 함께 기다리면 3초가 걸립니다.",
        en="Two jobs that wait 3 and 2 seconds: one after the other they take 5 seconds, waiting "
        "together 3.",
    )
    progress = FixedSentence(ko="{count}개 중 {done}개 해 봄", en="{done} of {count} tried")
    """How far a learner has got in a chapter; holds `{done}` and `{count}`."""
    documents = FixedSentence(ko="안내", en="About this site")
    """Names the links to the privacy page and the terms."""
    operator_unnamed = FixedSentence(
        ko="운영자의 이름이 설정되어 있지 않습니다. 이 봇이나 페이지를 알게 된 곳에 문의해 주세요.",
        en="The operator has not given a name here: ask where you found this bot or page.",
    )
    """In the documents, where the operator is not named."""
