"""What may not stand in a log line: secrets, who a learner is, and what a terminal would obey."""

import hashlib
import re
import secrets as randomness
from collections.abc import Mapping, Sequence

from structlog.typing import EventDict, WrappedLogger

from bot.text import visible

GONE = "[secret]"

_SHAPES = (
    # A Discord token: three parts of URL-safe base64.
    (re.compile(r"(?<![\w-])[\w-]{23,}\.[\w-]{5,}\.[\w-]{27,}", re.ASCII), GONE),
    # Where Discord takes an answer: the part after the id is a token that lets anyone answer.
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[^\s/?\"']+"), rf"\1{GONE}"),
    # The same token by itself: base64 of a text that begins with "interaction".
    (re.compile(r"aW50ZXJhY3Rpb2[\w-]{16,}", re.ASCII), GONE),
    # The seed of an NKEY: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth.
    (re.compile(r"\bS[UNCAO][A-Z2-7]{56}\b"), GONE),
    (re.compile(r"\b(Bot|Bearer)\s+[\w.~+/-]{20,}", re.ASCII), rf"\1 {GONE}"),
)


class Redaction:
    """Takes secrets out of every text of an event, however deep it lies, exceptions included.

    :param secrets: texts that never appear; tokens of Discord's are known by their shape as well
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event without them."""
        own = {key: value for key, value in event.items() if key.startswith("_")}  # structlog's
        return {
            self._text(key): self._clean(value) for key, value in event.items() if key not in own
        } | own

    def _clean(self, value: object) -> object:
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {self._text(str(key)): self._clean(each) for key, each in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._clean(each) for each in value]
            case bytes():
                return self._text(value.decode("utf-8", "backslashreplace"))
            case _:
                return self._text(value if isinstance(value, str) else repr(value))

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, GONE)
        return without_secrets(text)


def without_secrets(text: str) -> str:
    """Return a text without what has a secret's shape."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


class Pseudonyms:
    """Puts a keyed hash in the place of `learner`. Nobody keeps the key, so none outlives us."""

    def __init__(self) -> None:
        self._key = randomness.token_bytes(16)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event with what stands for its learner: the same until the bot restarts."""
        if "learner" in event:
            learner = str(event["learner"]).encode("utf-8", "backslashreplace")
            event["learner"] = hashlib.blake2s(learner, key=self._key, digest_size=4).hexdigest()
        return event


def make_visible(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return the event with what a terminal would obey made visible; tracebacks keep lines."""
    return {
        key: visible.block(value) if isinstance(value, str) else value
        for key, value in event.items()
    } | {"event": visible.line(str(event.get("event", "")))}
