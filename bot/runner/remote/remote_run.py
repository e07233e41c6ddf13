"""One run at a worker, as the front sees it: numbered batches, credit for more, and silence."""

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

from bot.errors import SandboxError
from bot.runner.model import Event, Finished, RunRequest
from bot.runner.remote.checked_events import CheckedEvents
from bot.runner.remote.messages import FromRun, ProtocolError, Rules, ToRun, WorkerAnswer, decode


class LostRunError(Exception):
    """A run whose end will never be known."""


class RemoteRun:
    """A run that was asked of one worker.

    :param run: its id
    :param worker: who has it
    :param tell: sends the worker a control message
    """

    def __init__(
        self,
        run: str,
        worker: str,
        request: RunRequest,
        *,
        rules: Rules,
        tell: Callable[[ToRun], Awaitable[None]],
    ) -> None:
        self.id = run
        self.worker = worker
        self.broken = ""
        """How the worker broke the protocol; "" if it did not."""
        self._rules = rules
        self._tell = tell
        self._checked = CheckedEvents(request.limits)
        self._answer: asyncio.Future[WorkerAnswer] = asyncio.get_running_loop().create_future()
        self._batches: deque[tuple[int, list[Event]]] = deque()
        self._more = asyncio.Event()
        self._heard = self._granted = 0
        self._silent = 0
        self._trouble: Exception | None = None
        self._granted = rules.credit

    async def answered(self) -> WorkerAnswer | None:
        """Return what the worker said to the request; None if it says nothing in time."""
        try:
            async with asyncio.timeout(self._rules.answer):
                return await asyncio.shield(self._answer)
        except TimeoutError:
            return None

    def take(self, data: bytes) -> None:
        """Take a message as it came. What was said twice counts once."""
        self._silent = 0
        try:
            message = decode(FromRun, data)
            self._accept(message)
        except ProtocolError as error:
            self.broken = str(error)
            self._fail(LostRunError(f"the worker broke the protocol: {error}"))

    def _accept(self, message: FromRun) -> None:
        if message.n == 0:
            if message.answer and not self._answer.done():
                self._answer.set_result(message.answer)
            return
        if self._trouble is not None or message.n < self._heard or self._checked.finished:
            return
        if message.n == self._heard and not message.trouble:
            return  # a heartbeat, or a batch that came twice
        if message.n > self._heard + 1 or not (message.events or message.trouble):
            self._fail(LostRunError("a part of what the run did got lost on the way"))
            return
        if message.n > self._granted:
            raise ProtocolError("more than it had credit for")
        self._heard = message.n
        if message.trouble:
            self._fail(SandboxError(message.trouble))
            return
        self._batches.append((message.n, self._checked.take(message.events)))
        self._more.set()

    def tick(self) -> None:
        """Let time pass, as long as `Rules.status`; a worker that is silent too long is given up.

        Where the loop stands still, no time passes: what came meanwhile is read first.
        """
        self._silent += 1
        if self._silent > math.ceil(self._rules.run_silence / self._rules.status):
            self._fail(LostRunError("nothing was heard of the run's worker any more"))

    def give_up(self, why: str) -> None:
        """End it from our side."""
        self._fail(LostRunError(why))

    async def events(self) -> AsyncGenerator[Event]:
        """Yield what the run does, `Finished` last; give the worker credit as they are taken.

        :raises LostRunError: if its end will never be known
        :raises SandboxError: if the worker's sandbox cannot work
        """
        while True:
            while self._batches:
                number, events = self._batches.popleft()
                for event in events:
                    yield event
                    if isinstance(event, Finished):
                        return
                await self._give_credit(number)
            if self._trouble is not None:
                raise self._trouble
            self._more.clear()
            await self._more.wait()

    async def leave(self) -> None:
        """Have the worker end it, unless it has ended."""
        if not self._checked.finished:
            self._fail(LostRunError("it was left"))
            await self._tell(ToRun(run=self.id, cancel=True))

    async def _give_credit(self, consumed: int) -> None:
        """Let the worker send on, once half of what it may is used up."""
        upto = consumed + self._rules.credit
        if upto - self._granted >= self._rules.credit // 2:
            self._granted = upto
            await self._tell(ToRun(run=self.id, credit=upto))

    def _fail(self, error: Exception) -> None:
        if self._trouble is None:
            self._trouble = error
            self._more.set()
