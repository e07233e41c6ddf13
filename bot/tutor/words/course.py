"""Sentences about the course: help, chapters, explanations, and names that nobody knows."""

from bot.languages import english_name
from bot.lessons.library import Kind
from bot.tutor.words.speech import Speech, span


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

    @property
    def help_title(self) -> str:
        """The title of the help."""
        return self._say(ko="asyncio 튜터 사용법", en="How to use the asyncio tutor")

    @property
    def help(self) -> str:
        """Over the commands."""
        return self._say(
            ko="Python의 asyncio를 실제로 실행하면서 배웁니다. 모든 시나리오는 격리된 환경에서 "
            "진짜로 실행되고, 줄마다 출력된 시각과 걸린 시간을 보여 드립니다.",
            en="Learn Python's asyncio by running it. Every scenario really runs, in a sandbox, "
            "and you see when each line was printed and how long it all took.",
        )

    @property
    def help_names(self) -> str:
        """Below the commands."""
        return self._say(
            ko="명령과 이름은 한국어로 적어도 영어로 적어도 되고, 조금 틀려도 비슷한 것을 찾아 "
            "드립니다.",
            en="Commands and names may be typed in English or in Korean, and a typing mistake "
            "does no harm.",
        )

    @property
    def privacy(self) -> str:
        """A link's title: what is done with what is learnt of people."""
        return self._say(ko="개인정보 안내", en="Privacy")

    @property
    def terms(self) -> str:
        """A link's title: on which terms the bot may be used."""
        return self._say(ko="이용 약관", en="Terms of use")

    @property
    def name(self) -> str:
        """Stands for a name in an example."""
        return self._say(ko="이름", en="NAME")

    @property
    def lessons_title(self) -> str:
        """The title of the list of lessons."""
        return self._say(ko="강의 목록", en="The course")

    @property
    def no_lessons(self) -> str:
        """Said where the course is empty."""
        return self._say(
            ko="아직 읽어 온 강의가 없습니다. 관리자에게 알려 주세요.",
            en="There are no lessons here yet. Please tell an admin.",
        )

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

    @property
    def concepts(self) -> str:
        """Over a lesson's concepts."""
        return self._say(ko="**개념**", en="**Concepts**")

    @property
    def scenarios(self) -> str:
        """Over a lesson's scenarios."""
        return self._say(ko="**시나리오**", en="**Scenarios**")

    @property
    def exercises(self) -> str:
        """Before a lesson's exercises."""
        return self._say(ko="연습:", en="Exercises:")

    @property
    def comparisons(self) -> str:
        """Over a lesson's comparisons."""
        return self._say(ko="**비교해 보기**", en="**Worth comparing**")

    @property
    def pitfalls(self) -> str:
        """Over a concept's pitfalls."""
        return self._say(ko="**주의할 점**", en="**Pitfalls**")

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

    @property
    def all_lessons(self) -> str:
        """Labels the way to the course."""
        return self._say(ko="강의 목록", en="All lessons")

    def unknown(self, kind: Kind, name: str) -> str:
        """Said about a name that nothing goes by."""
        shown = span(name)
        match kind:
            case "lesson":
                return self._say(
                    ko="{shown}: 이런 이름의 강의가 없습니다.",
                    en="No lesson is called {shown}.",
                    shown=shown,
                )
            case "concept":
                return self._say(
                    ko="{shown}: 이런 이름의 개념이 없습니다.",
                    en="No concept is called {shown}.",
                    shown=shown,
                )
            case "scenario":
                return self._say(
                    ko="{shown}: 이런 이름의 시나리오가 없습니다.",
                    en="No scenario is called {shown}.",
                    shown=shown,
                )
            case "exercise":
                return self._say(
                    ko="{shown}: 이런 이름의 연습이 없습니다.",
                    en="No exercise is called {shown}.",
                    shown=shown,
                )

    @property
    def did_you_mean(self) -> str:
        """Before the names that come near."""
        return self._say(ko="혹시 이것을 찾으셨나요?", en="Did you mean one of these?")

    def see_lessons(self, command: str) -> str:
        """Tell where no name comes near."""
        return self._say(
            ko="모든 이름은 `{command}`에서 볼 수 있습니다.",
            en="`{command}` shows every name.",
            command=command,
        )
