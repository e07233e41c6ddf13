"""Sentences about the course: help, chapters, explanations, and names that nobody knows."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording, english_name
from bot.lessons.library import Kind
from bot.tutor.words.speech import FixedSentence, Speech, span

_UNKNOWN: Final[Mapping[Kind, Wording]] = {
    "lesson": Wording(
        ko="{shown}: 이런 이름의 강의가 없습니다.", en="No lesson is called {shown}."
    ),
    "concept": Wording(
        ko="{shown}: 이런 이름의 개념이 없습니다.", en="No concept is called {shown}."
    ),
    "scenario": Wording(
        ko="{shown}: 이런 이름의 시나리오가 없습니다.", en="No scenario is called {shown}."
    ),
    "exercise": Wording(
        ko="{shown}: 이런 이름의 연습이 없습니다.", en="No exercise is called {shown}."
    ),
}


class CourseWords(Speech):
    """What is said before anything runs."""

    __slots__ = ()

    @property
    def not_translated(self) -> str:
        """Over what is there in another language only."""
        return self._say(
            ko="이 강의는 아직 한국어로 번역되지 않아 다른 언어로 보여 드립니다.",
            en="This lesson is not translated into {language} yet; it is shown in another "
            "language.",
            language=english_name(self.locale),
        )

    help_title = FixedSentence(ko="asyncio 튜터 사용법", en="How to use the asyncio tutor")
    """The title of the help."""

    help = FixedSentence(
        ko="Python의 asyncio를 실제로 실행하면서 배웁니다. 모든 시나리오는 격리된 환경에서 "
        "진짜로 실행되고, 줄마다 출력된 시각과 걸린 시간을 보여 드립니다.",
        en="Learn Python's asyncio by running it. Every scenario really runs, in a sandbox, "
        "and you see when each line was printed and how long it all took.",
    )
    """Over the commands."""

    help_names = FixedSentence(
        ko="명령과 이름은 한국어로 적어도 영어로 적어도 되고, 조금 틀려도 비슷한 것을 찾아 "
        "드립니다.",
        en="Commands and names may be typed in English or in Korean, and a typing mistake "
        "does no harm.",
    )
    """Below the commands."""

    privacy = FixedSentence(ko="개인정보 안내", en="Privacy")
    """A link's title: what is done with what is learnt of people."""

    terms = FixedSentence(ko="이용 약관", en="Terms of use")
    """A link's title: on which terms the bot may be used."""

    name = FixedSentence(ko="이름", en="NAME")
    """Stands for a name in an example."""

    lessons_title = FixedSentence(ko="강의 목록", en="The course")
    """The title of the list of lessons."""

    no_lessons = FixedSentence(
        ko="아직 읽어 온 강의가 없습니다. 관리자에게 알려 주세요.",
        en="There are no lessons here yet. Please tell an admin.",
    )
    """Said where the course is empty."""

    def how_to_open(self, command: str) -> str:
        """Tell how to go on from the list of lessons."""
        return self._say(
            ko="`{command}`: 이렇게 적으면 강의 하나를 펼쳐 볼 수 있습니다.",
            en="`{command}` opens one of them.",
            command=command,
        )

    def requires(self, titles: str) -> str:
        """Which lessons to take first."""
        return self._say(ko="먼저 볼 강의: {titles}", en="Take first: {titles}", titles=titles)

    concepts = FixedSentence(ko="**개념**", en="**Concepts**")
    """Over a lesson's concepts."""

    scenarios = FixedSentence(ko="**시나리오**", en="**Scenarios**")
    """Over a lesson's scenarios."""

    exercises = FixedSentence(ko="연습:", en="Exercises:")
    """Before a lesson's exercises."""

    comparisons = FixedSentence(ko="**비교해 보기**", en="**Worth comparing**")
    """Over a lesson's comparisons."""

    pitfalls = FixedSentence(ko="**주의할 점**", en="**Pitfalls**")
    """Over a concept's pitfalls."""

    def belief(self, text: str) -> str:
        """Tell a common wrong belief."""
        return self._say(ko="**흔한 오해** — {text}", en="**A common belief** — {text}", text=text)

    def since(self, version: str) -> str:
        """Tell which Python brought a concept."""
        return self._say(
            ko="Python {version}부터 쓸 수 있습니다.",
            en="Available since Python {version}.",
            version=version,
        )

    def lesson(self, title: str) -> str:
        """Labels the way to a lesson."""
        return self._say(ko="강의: {title}", en="Lesson: {title}", title=title)

    def next_lesson(self, title: str) -> str:
        """Labels the way to the next lesson."""
        return self._say(ko="다음 강의: {title}", en="Next lesson: {title}", title=title)

    def explain(self, title: str) -> str:
        """Labels the way to an explanation."""
        return self._say(ko="설명: {title}", en="Explain: {title}", title=title)

    def run(self, title: str) -> str:
        """Labels the way to a run."""
        return self._say(ko="실행: {title}", en="Run: {title}", title=title)

    all_lessons = FixedSentence(ko="강의 목록", en="All lessons")
    """Labels the way to the course."""

    def unknown(self, kind: Kind, name: str) -> str:
        """Said about a name that nothing goes by."""
        return self._filled(_UNKNOWN[kind], shown=span(name))

    did_you_mean = FixedSentence(ko="혹시 이것을 찾으셨나요?", en="Did you mean one of these?")
    """Before the names that come near."""

    def see_lessons(self, command: str) -> str:
        """Tell where no name comes near."""
        return self._say(
            ko="모든 이름은 `{command}`에서 볼 수 있습니다.",
            en="`{command}` shows every name.",
            command=command,
        )
