"""What the judge found, in sentences."""

from collections.abc import Mapping
from typing import Final

from bot.languages import Wording
from bot.lessons.judge import Difference, DifferenceKind
from bot.tutor.words.speech import FixedSentence, Speech, span

_SENTENCES: Final[Mapping[DifferenceKind, Wording]] = {
    "early": Wording(
        ko="{line} 줄이 {expected} 줄보다 먼저 나왔습니다.",
        en="{line} came too early: before {expected}.",
    ),
    "late": Wording(
        ko="{line} 줄이 {expected} 줄보다 늦게 나왔습니다.",
        en="{line} came too late: after {expected}.",
    ),
    "missing": Wording(ko="{line} 줄이 나오지 않았습니다.", en="{line} was not printed."),
    "extra": Wording(ko="{line} 줄은 예상에 없던 것입니다.", en="{line} was not expected."),
    "outcome": Wording(
        ko="예상한 결과는 {expected}, 실제 결과는 {found}입니다.",
        en="It should end in {expected}; it ended in {found}.",
    ),
    "error": Wording(
        ko="예상한 예외는 {expected}, 실제 예외는 {found}입니다.",
        en="It should end with {expected}; it ended with {found}.",
    ),
    "fast": Wording(
        ko="예상보다 빨리 끝났습니다: {took} (예상: {least} 이상)",
        en="It was quicker than expected: {took}, not {least} or more.",
    ),
    "slow": Wording(
        ko="예상보다 오래 걸렸습니다: {took} (예상: {most} 이하)",
        en="It took longer than expected: {took}, not {most} or less.",
    ),
}


class DifferenceWords(Speech):
    """Says how a run differs from what its lesson expects."""

    __slots__ = ()

    title = FixedSentence(
        ko="이번 실행은 강의에서 예상한 것과 다릅니다.",
        en="This run differs from what the lesson expects.",
    )
    """Before the differences."""

    def more(self, count: int) -> str:
        """Said where not every difference is shown."""
        return self._say(
            ko="그 밖에 {count}가지가 더 다릅니다.", en="And {count} more.", count=count
        )

    def unprinted(self, count: int) -> str:
        """Say how many lines a run that ended too early did not come to."""
        return self._say(
            ko="그래서 {count}줄이 나오지 않았습니다.",
            en="1 line was therefore not printed."
            if count == 1
            else "{count} lines were therefore not printed.",
            count=count,
        )

    def sentence(self, finding: Difference) -> str:
        """Return one difference as a sentence of Markdown."""
        least, most = finding.bounds or (0.0, 0.0)
        return self._filled(
            _SENTENCES[finding.kind],
            line=span(finding.line),
            expected=span(finding.expected),
            found=span(finding.found),
            took=self.milliseconds(finding.at or 0.0),
            least=self.milliseconds(least),
            most=self.milliseconds(most),
        )
