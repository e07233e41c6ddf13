"""Sentences for what cannot be served, none of them the learner's fault or a riddle."""

from bot.tutor.words.speech import FixedSentence, Speech


class TroubleWords(Speech):
    """What is said where a request cannot be served."""

    __slots__ = ()

    busy = FixedSentence(
        ko="아직 앞의 실행이 끝나지 않았습니다. 한 번에 하나씩만 실행할 수 있으니, "
        "끝난 뒤에 다시 해 주세요.",
        en="Your last run is still under way. One at a time, please: try again when it is done.",
    )
    """This learner already has a run under way."""

    full = FixedSentence(
        ko="지금은 기다리는 사람이 너무 많습니다. 잠시 뒤에 다시 해 주세요.",
        en="Too many runs are waiting just now. Please try again in a moment.",
    )
    """The waiting line is full."""

    closing = FixedSentence(
        ko="봇이 곧 다시 시작되어 새로 실행할 수 없습니다. 잠시 뒤에 다시 해 주세요.",
        en="The bot is about to restart and takes no new runs. Please try again in a moment.",
    )
    """The bot is shutting down."""

    def no_sandbox(self, reference: str) -> str:
        """Say that the sandbox cannot work."""
        return self._say(
            ko="지금은 시나리오를 안전하게 실행할 수 없습니다. 설명은 계속 볼 수 있습니다. "
            "관리자에게 참조 번호 `{reference}`를 알려 주세요.",
            en="Scenarios cannot be run safely just now; explanations still work. "
            "Please tell an admin this reference: `{reference}`.",
            reference=reference,
        )

    def no_workers(self, reference: str) -> str:
        """Say that no machine is there that could run anything."""
        return self._say(
            ko="지금은 코드를 실행할 컴퓨터가 연결되어 있지 않습니다. "
            "설명은 계속 볼 수 있습니다. "
            "잠시 뒤에 다시 해도 안 되면 관리자에게 참조 번호 `{reference}`를 알려 주세요.",
            en="No computer that runs scenarios is connected just now; explanations still work. "
            "If it stays so, please tell an admin this reference: `{reference}`.",
            reference=reference,
        )

    def ours(self, reference: str) -> str:
        """Say that something of ours is broken."""
        return self._say(
            ko="봇에 문제가 생겨 답하지 못했습니다. 다시 해도 안 되면 관리자에게 "
            "참조 번호 `{reference}`를 알려 주세요.",
            en="Something went wrong on our side. If it happens again, please tell an admin this "
            "reference: `{reference}`.",
            reference=reference,
        )
