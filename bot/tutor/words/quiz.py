"""Sentences about a prediction and how it compares with reality."""

from bot.tutor.words.speech import Speech


class QuizWords(Speech):
    """What is asked before a run, and said after it."""

    __slots__ = ()

    def title(self, scenario: str) -> str:
        """Title a quiz."""
        return self._say(ko=f"예측해 보기: {scenario}", en=f"Predict it: {scenario}")

    @property
    def invitation(self) -> str:
        """Over the code, before anything ran."""
        return self._say(
            ko="코드를 읽고, 모두 얼마나 걸릴지와 어떤 순서로 출력될지 예측해 보세요. "
            "그다음 실제로 실행해 비교해 드립니다.",
            en="Read the code and predict how long it takes in all, and in which order it prints. "
            "Then it really runs, and you see both side by side.",
        )

    @property
    def time_only(self) -> str:
        """Over the code where there is no order to predict."""
        return self._say(
            ko="코드를 읽고, 모두 얼마나 걸릴지 예측해 보세요. "
            "그다음 실제로 실행해 비교해 드립니다.",
            en="Read the code and predict how long it takes in all. Then it really runs.",
        )

    @property
    def nothing_to_predict(self) -> str:
        """Said of a scenario whose time and order are open."""
        return self._say(
            ko="이 시나리오는 시간도 순서도 미리 정해져 있지 않아 예측할 것이 없습니다. "
            "바로 실행해 보세요.",
            en="Neither the time nor the order of this scenario is fixed, so there is nothing to "
            "predict. Just run it.",
        )

    def time_right(self, guess: float, elapsed: float) -> str:
        """Say that the predicted time was right."""
        return self._say(
            ko=f"시간을 맞혔습니다. 예측 {self.seconds(guess)}, 실제 {self.milliseconds(elapsed)}",
            en=f"Your time is right: you said {self.seconds(guess)}, it took "
            f"{self.milliseconds(elapsed)}.",
        )

    def time_wrong(self, guess: float, elapsed: float) -> str:
        """Say that the predicted time was wrong."""
        return self._say(
            ko=f"시간은 달랐습니다. 예측 {self.seconds(guess)}, 실제 {self.milliseconds(elapsed)}",
            en=f"The time differs: you said {self.seconds(guess)}, it took "
            f"{self.milliseconds(elapsed)}.",
        )

    @property
    def order_right(self) -> str:
        """The predicted order was right."""
        return self._say(ko="출력 순서를 모두 맞혔습니다.", en="Your order is right, every line.")

    @property
    def order_possible(self) -> str:
        """The predicted order differs where the order is not determined."""
        return self._say(
            ko="예측한 순서도 나올 수 있는 순서입니다. 이 시나리오의 순서는 정해져 있지 않고, "
            "이번에는 아래처럼 나왔습니다.",
            en="Your order is possible, too: it is not determined here, and this time it came as "
            "below.",
        )

    def order_wrong(self, right: int, total: int) -> str:
        """Say how many lines stood in their place."""
        return self._say(
            ko=f"출력 순서는 {total}줄 가운데 {right}줄이 제자리였습니다.",
            en=f"In the order, {right} of {total} lines stood in their place.",
        )

    @property
    def header(self) -> tuple[str, str, str, str]:
        """The columns: right or not, when, the predicted line, the real one."""
        return (
            "",
            self._say(ko="시각", en="time"),
            self._say(ko="예측", en="your prediction"),
            self._say(ko="실제", en="reality"),
        )

    def mistake(self, text: str) -> str:
        """Why most learners predict wrongly here."""
        return self._say(ko=f"**헷갈리기 쉬운 점** — {text}", en=f"**An easy mistake** — {text}")

    @property
    def not_comparable(self) -> str:
        """The run did not go as a prediction could be held against."""
        return self._say(
            ko="실행이 정상적으로 끝나지 않아 예측과 비교할 수 없습니다.",
            en="The run did not end as it should, so your prediction cannot be held against it.",
        )

    @property
    def again(self) -> str:
        """Labels the way to the same quiz."""
        return self._say(ko="다시 예측하기", en="Predict again")
