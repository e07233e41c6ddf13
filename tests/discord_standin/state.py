"""What the stand-in remembers: interactions, messages, commands, and every request."""

import itertools
import time
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Literal

EPOCH = 1_420_070_400_000
"""The first millisecond of Discord's ids."""
APPLICATION = 111_000_000_000_000_001
GUILD = 222_000_000_000_000_001
CHANNEL = 333_000_000_000_000_001
TOKEN = f"{b64encode(str(APPLICATION).encode()).decode()}.stand.in"
"""In the shape of a bot's token: its first part names the application."""


@dataclass
class Message:
    """A message as it stands now, and as it stood before."""

    id: str
    payload: dict[str, Any]
    ephemeral: bool
    loading: bool = False
    deleted: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    history: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    asked: "Interaction | None" = None
    """The interaction that it answers; Discord tells that with each press."""


@dataclass
class Interaction:
    """One interaction, from the learner's click to the last of its messages."""

    id: str
    token: str
    kind: int
    sent_at: float
    user: str = "1"
    callback: dict[str, Any] | None = None
    answered_at: float | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    expired: bool = False


@dataclass(frozen=True)
class Record:
    """One request that the bot sent."""

    at: float
    method: str
    path: str
    body: Any
    status: int


@dataclass
class Fault:
    """What to answer instead, the next `times` times that a request matches."""

    method: str
    path: str
    """A part of the path."""
    status: int
    times: int
    body: dict[str, Any]
    headers: dict[str, str]
    swallow: bool = True
    """False: the request is carried out, though the answer says otherwise."""


@dataclass
class State:
    """All of it. `registered`: how often commands were written."""

    interactions: dict[str, Interaction] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    written: list[Message] = field(default_factory=list)
    """Messages that answer no interaction."""
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    registered: int = 0
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What real Discord would have refused, or learners suffered from."""
    rate: tuple[int, float] | None = None
    """Edits of one message in so many seconds; None: as many as come."""
    edits: dict[str, list[float]] = field(default_factory=dict)
    token: str = TOKEN
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def snowflake(self, age: float = 0.0) -> str:
        """Return a new id, made `age` seconds ago by its own account."""
        return str((int((time.time() - age) * 1000) - EPOCH) << 22 | next(self._ids))

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Return the scripted answer to a request, if there is one, and count it."""
        for fault in self.faults:
            if fault.times > 0 and fault.method == method and fault.path in path:
                fault.times -= 1
                return fault
        return None


Context = Literal["guild", "dm", "private"]
