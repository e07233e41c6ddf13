"""What the judge found, in sentences."""

from bot.lessons.judge import Difference
from bot.tutor.words.speech import Speech, span


class DifferenceWords(Speech):
    """Says how a run differs from what its lesson expects."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Before the differences."""
        return self._say(
            ko="이번 실행은 강의에서 예상한 것과 다릅니다.",
            en="This run differs from what the lesson expects.",
        )

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

    def sentence(self, finding: Difference) -> str:  # noqa: PLR0911 - a sentence for each kind
        """Return one difference as a sentence of Markdown."""
        line, expected, found = span(finding.line), span(finding.expected), span(finding.found)
        match finding.kind:
            case "early":
                return self._say(
                    ko="{line} 줄이 {expected} 줄보다 먼저 나왔습니다.",
                    en="{line} came too early: before {expected}.",
                    line=line,
                    expected=expected,
                )
            case "late":
                return self._say(
                    ko="{line} 줄이 {expected} 줄보다 늦게 나왔습니다.",
                    en="{line} came too late: after {expected}.",
                    line=line,
                    expected=expected,
                )
            case "missing":
                return self._say(
                    ko="{line} 줄이 나오지 않았습니다.", en="{line} was not printed.", line=line
                )
            case "extra":
                return self._say(
                    ko="{line} 줄은 예상에 없던 것입니다.", en="{line} was not expected.", line=line
                )
            case "outcome":
                return self._say(
                    ko="예상한 결과는 {expected}, 실제 결과는 {found}입니다.",
                    en="It should end in {expected}; it ended in {found}.",
                    expected=expected,
                    found=found,
                )
            case "error":
                return self._say(
                    ko="예상한 예외는 {expected}, 실제 예외는 {found}입니다.",
                    en="It should end with {expected}; it ended with {found}.",
                    expected=expected,
                    found=found,
                )
            case "fast" | "slow":
                return self._time(finding)

    def _time(self, finding: Difference) -> str:
        low, high = finding.bounds or (0.0, 0.0)
        least, most = self.milliseconds(low), self.milliseconds(high)
        took = self.milliseconds(finding.at or 0.0)
        if finding.kind == "fast":
            return self._say(
                ko="예상보다 빨리 끝났습니다: {took} (예상: {least} 이상)",
                en="It was quicker than expected: {took}, not {least} or more.",
                took=took,
                least=least,
            )
        return self._say(
            ko="예상보다 오래 걸렸습니다: {took} (예상: {most} 이하)",
            en="It took longer than expected: {took}, not {most} or less.",
            took=took,
            most=most,
        )
