"""Every sentence that a learner reads, in Korean and English."""

from functools import cache

from bot.languages import Locale
from bot.tutor.words.causes import CauseWords
from bot.tutor.words.commands import CommandWords
from bot.tutor.words.comparing import ComparisonWords
from bot.tutor.words.course import CourseWords
from bot.tutor.words.differences import DifferenceWords
from bot.tutor.words.exercises import ExerciseWords
from bot.tutor.words.goals import GoalWords
from bot.tutor.words.own_code import OwnCodeWords
from bot.tutor.words.quiz import QuizWords
from bot.tutor.words.refusals import RefusalWords
from bot.tutor.words.running import RunWords
from bot.tutor.words.trouble import TroubleWords
from bot.tutor.words.why import WhyWords


class Words:
    """The tutor's words in one language, by topic."""

    def __init__(self, locale: Locale) -> None:
        self.commands = CommandWords(locale)
        self.course = CourseWords(locale)
        self.run = RunWords(locale)
        self.own_code = OwnCodeWords(locale)
        self.refusals = RefusalWords(locale)
        self.differences = DifferenceWords(locale)
        self.comparison = ComparisonWords(locale)
        self.quiz = QuizWords(locale)
        self.exercise = ExerciseWords(locale)
        self.goals = GoalWords(locale)
        self.trouble = TroubleWords(locale)
        self.why = WhyWords(locale)
        self.causes = CauseWords(locale)


@cache
def words(locale: Locale) -> Words:
    """Return the tutor's words in `locale`."""
    return Words(locale)
