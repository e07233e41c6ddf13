"""The commands: one table of what learners can ask, and how it is called in each language.

Every platform reads it: what a typed line means and how a request is spelt (`bot.tutor.grammar`),
what is completed while typing (`bot.tutor.completion`), the help, the addresses of pages, what is
registered with a platform, and what a button carries. A further command is a row here.
"""

from functools import cache
from typing import Any

from bot.languages import Wording
from bot.tutor.command import AnswerKind, Argument, Asked, Command, Leave, SwitchLanguage, folded
from bot.tutor.model import (
    FEWEST_COMPARED,
    Compare,
    Explain,
    Help,
    ListLessons,
    Predict,
    Request,
    Run,
    Solve,
    Try,
    Why,
)


def _a_scenario(*, en: str, ko: str, least: int = 1, untold: bool = False) -> Argument:
    """Return an argument that names one scenario."""
    name = Wording(en="scenario", ko="시나리오")
    return Argument("scenario", (name,), Wording(en=en, ko=ko), least, untold)


COMMANDS: tuple[Command, ...] = (
    Command(
        ListLessons,
        Wording(en="lessons", ko="강의"),
        Wording(
            en="The course: every lesson, and what is in it", ko="강의 목록을 보고 하나를 펼칩니다"
        ),
        examples=(ListLessons(), ListLessons("tasks")),
        aliases=("lesson", "course", "수업"),
        argument=Argument(
            "lesson",
            (Wording(en="lesson", ko="이름"),),
            Wording(en="The lesson to open", ko="펼쳐 볼 강의"),
            least=0,
        ),
        field="lesson",
        private=True,
    ),
    Command(
        Explain,
        Wording(en="explain", ko="설명"),
        Wording(en="Explain a concept of asyncio", ko="asyncio의 개념을 설명합니다"),
        examples=(Explain("coroutine"),),
        argument=Argument(
            "concept",
            (Wording(en="concept", ko="개념"),),
            Wording(en="The concept to explain", ko="설명할 개념"),
        ),
        field="name",
    ),
    Command(
        Run,
        Wording(en="run", ko="실행"),
        Wording(
            en="Run a scenario and watch the order and the time of what it prints",
            ko="시나리오를 실제로 실행해 출력 순서와 시간을 보여 줍니다",
        ),
        examples=(Run("gather"),),
        argument=_a_scenario(en="The scenario to run", ko="실행할 시나리오"),
        field="name",
        answer="run",
    ),
    Command(
        Why,
        Wording(en="why", ko="왜"),
        Wording(
            en="Run a scenario and tell why each line was printed when it was: who woke whom",
            ko="각 줄이 왜 그때 출력되었는지, 누가 누구를 깨웠는지 알려 줍니다",
        ),
        examples=(Why("gather"),),
        argument=_a_scenario(en="The scenario to trace", ko="까닭을 알아볼 시나리오"),
        field="name",
        answer="run",
    ),
    Command(
        Compare,
        Wording(en="compare", ko="비교"),
        Wording(
            en="Run two to five scenarios side by side",
            ko="시나리오를 두 개에서 다섯 개까지 나란히 실행합니다",
        ),
        examples=(Compare(("sync", "gather")),),
        argument=Argument(
            "scenario",
            (
                Wording(en="first", ko="첫째"),
                Wording(en="second", ko="둘째"),
                Wording(en="third", ko="셋째"),
                Wording(en="fourth", ko="넷째"),
                Wording(en="fifth", ko="다섯째"),
            ),
            Wording(en="A scenario to compare", ko="비교할 시나리오"),
            least=FEWEST_COMPARED,
        ),
        field="names",
        answer="run",
    ),
    Command(
        Predict,
        Wording(en="predict", ko="예측"),
        Wording(
            en="Predict a scenario's time and order, then see what really happens",
            ko="시나리오의 시간과 순서를 예측한 뒤 실제 결과와 비교합니다",
        ),
        examples=(Predict("gather"),),
        argument=_a_scenario(en="The scenario to predict", ko="예측할 시나리오", untold=True),
        field="name",
        private=True,
        answer="quiz",
    ),
    Command(
        Try,
        Wording(en="try", ko="코드"),
        Wording(
            en="Run your own asyncio code, and see what it did and why",
            ko="직접 쓴 asyncio 코드를 실행해 무엇이 왜 일어났는지 보여 줍니다",
        ),
        examples=(Try(),),
        aliases=("내코드",),
        argument=_a_scenario(
            en="The scenario whose code to change", ko="코드를 바꿔 볼 시나리오", least=0
        ),
        field="origin",
        private=True,
    ),
    Command(
        Solve,
        Wording(en="exercise", ko="연습"),
        Wording(
            en="Do an exercise; your answer is run for real, and graded by what it did",
            ko="연습 문제를 풉니다. 답을 실제로 실행해 채점합니다",
        ),
        examples=(Solve(), Solve("fetch_together")),
        aliases=("exercises", "solve", "연습문제"),
        argument=Argument(
            "exercise",
            (Wording(en="exercise", ko="연습"),),
            Wording(en="The exercise to do", ko="풀어 볼 연습 문제"),
            least=0,
        ),
        field="name",
        private=True,
    ),
    Command(
        Help,
        Wording(en="help", ko="도움말"),
        Wording(en="What you can do here", ko="무엇을 할 수 있는지 알려 줍니다"),
        examples=(Help(),),
        aliases=("도움",),
        private=True,
    ),
    Command(
        SwitchLanguage,
        Wording(en="lang", ko="언어"),
        Wording(en="Switch the language", ko="언어를 바꿉니다"),
        examples=(SwitchLanguage("ko"), SwitchLanguage("en")),
        aliases=("language",),
        argument=Argument(
            "language",
            (Wording(en="language", ko="언어"),),
            Wording(en="ko or en", ko="ko 또는 en"),
        ),
        field="locale",
        answer="none",
    ),
    Command(
        Leave,
        Wording(en="quit", ko="끝"),
        Wording(en="Leave the chat", ko="대화를 끝냅니다"),
        examples=(Leave(),),
        aliases=("exit", "q", "종료"),
        answer="none",
    ),
)

REQUESTS: tuple[Command, ...] = tuple(it for it in COMMANDS if it.answer != "none")
"""Those that ask the tutor something."""


_BY_CLASS: dict[type[Any], Command] = {command.asks: command for command in COMMANDS}


@cache
def _by_name() -> dict[str, Command]:
    return {folded(name): command for command in COMMANDS for name in command.names}


def command_named(name: str) -> Command | None:
    """Return the command that goes by this name in any language, or None."""
    return _by_name().get(folded(name))


def command_of(asked: Asked) -> Command:
    """Return the command that asks this."""
    return _BY_CLASS[type(asked)]


def answer_to(request: Request) -> AnswerKind:
    """Return what a request is answered with: a guess, code, and an answer, are run."""
    guessed = isinstance(request, Predict) and request.guess is not None
    given = isinstance(request, Try) and bool(request.code.strip())
    solved = isinstance(request, Solve) and bool(request.answer)
    return "run" if guessed or given or solved else command_of(request).answer
