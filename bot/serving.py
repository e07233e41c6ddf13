"""Serving: every platform that is configured, from start to a graceful end, in one process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress

import structlog

from bot.app import House, open_house
from bot.errors import SandboxError, SettingsError, TutorError
from bot.observe.lag import watch_lag
from bot.observe.prometheus import PrometheusMetrics
from bot.platforms.discord.client import DiscordBot
from bot.platforms.web.readiness import Check
from bot.platforms.web.server import Playground
from bot.runner.confine import missing
from bot.runner.model import Finished, Outcome, RunRequest
from bot.settings import Settings
from bot.watching import watch

Say = Callable[[str], None]
"""Tells the operator something in plain words."""

_LAST_WORDS = 6.0
"""Seconds that closing may take after the grace: the platforms tell the rest that it is over."""


class Server:
    """Serves until it is told to stop."""

    def __init__(self, settings: Settings, *, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._log = structlog.get_logger("bot.serving")
        self._metrics = PrometheusMetrics()
        self._stop = asyncio.Event()
        self._failure: TutorError | None = None
        self._problem = "not connected to Discord"
        self._web: Playground | None = None
        self._discord: DiscordBot | None = None

    async def serve(self) -> int:
        """Serve every configured platform until SIGTERM or SIGINT; return the exit status.

        Then no new runs are taken, those in flight may finish within the set time, the rest is
        told. A second signal ends the process at once. SIGHUP reads the lessons anew.

        :raises TutorError: if something that serving needs cannot be used
        """
        settings = self._settings
        if not settings.web_enabled and settings.discord_token is None:
            raise SettingsError(
                "There is nothing to serve. Set TUTOR_DISCORD_TOKEN for Discord, or "
                "TUTOR_WEB_ENABLED=true for the playground."
            )
        async with open_house(settings, metrics=self._metrics) as house:
            await asyncio.gather(house.runner.start(), house.renderer.start())
            with self._handling_signals(house):
                try:
                    await self._start(house)
                    async with self._in_background(house):
                        self._tell(house)
                        await self._stop.wait()
                finally:
                    await self._end(house)
        if self._failure:
            raise self._failure
        self._say("Stopped.")
        return 0

    async def _start(self, house: House) -> None:
        settings = self._settings
        if settings.web_enabled:
            web = Playground(
                tutor=house.tutor,
                host=settings.web_host,
                port=settings.web_port,
                hosts=settings.web_hosts,
                proxies=settings.proxies,
                metrics=self._metrics,
                renderer=house.renderer,
                expose=self._metrics.exposition,
                checks=_checks(house, self._discord_ready if settings.discord_token else None),
            )
            await web.start()
            house.course.listen(web.lessons_changed)
            self._web = web
        if settings.discord_token is not None:
            # Signing in takes as long as Discord does: it goes on beside the rest.
            self._discord = DiscordBot(
                tutor=house.tutor,
                token=settings.discord_token,
                sync=settings.discord_sync,
                server=settings.discord_server,
                shards=settings.discord_shards,
                learner_requests_per_minute=settings.learner_requests_per_minute,
                server_requests_per_minute=settings.server_requests_per_minute,
                metrics=self._metrics,
                renderer=house.renderer,
            )

    async def _discord_ready(self) -> str:
        """Return "" while Discord can reach us, or what is wrong."""
        connected = self._discord is not None and self._discord.connected
        return "" if connected else self._problem

    def _tell(self, house: House) -> None:
        """Say what is served, what is off, and why."""
        lessons = house.course().lessons
        scenarios = sum(len(lesson.scenarios) for lesson in lessons)
        self._say(f"lessons: {len(lessons)}, with {scenarios} scenarios")
        if house.course.problems:
            self._say(f"lessons: {len(house.course.problems)} files have problems; see the log")
        lacking = [layer.name for layer in missing(house.runner.layers)]
        if lacking:
            self._say(
                f"sandbox: NOT fully confined, as TUTOR_SANDBOX=best-effort allows: "
                f"{', '.join(lacking)} missing"
            )
        else:
            self._say("sandbox: every run is confined")
        if self._web:
            self._say(f"playground: on, at {self._web.url}")
        else:
            self._say("playground: off, because TUTOR_WEB_ENABLED is false")
        if self._discord:
            self._say("Discord: signing in")
        else:
            self._say("Discord: off, because TUTOR_DISCORD_TOKEN is not set")
        self._say("Stop with Ctrl-C or SIGTERM; SIGHUP reads the lessons anew.")

    async def _end(self, house: House) -> None:
        """Take no new runs, wait for those in flight, and tell the rest that it is over."""
        grace = self._settings.shutdown_seconds
        house.queue.close()
        under_way = house.queue.running
        if under_way:
            runs = "1 run" if under_way == 1 else f"{under_way} runs"
            self._say(f"Stopping: {runs} may go on for up to {grace:g} s.")
        closing = [self._web.close(grace=grace)] if self._web else []
        with suppress(TimeoutError):
            async with asyncio.timeout(grace + _LAST_WORDS):
                await asyncio.gather(self._drained(house, grace), *closing)
        if self._discord:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS):
                    await self._discord.close()

    async def _drained(self, house: House, grace: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await house.queue.idle()
                if self._discord:  # a run may be over, and its last edit still under way
                    await self._discord.idle()

    @asynccontextmanager
    async def _in_background(self, house: House) -> AsyncIterator[None]:
        """Watch the lessons, the loop and Discord's connection meanwhile."""
        tasks = [
            asyncio.create_task(watch(house.course), name="lessons"),
            asyncio.create_task(watch_lag(self._metrics), name="lag"),
            asyncio.create_task(self._watch_discord(), name="Discord"),
        ]
        for task in tasks:
            task.add_done_callback(self._note_failure)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch_discord(self) -> None:
        """Sign in to Discord and stay; where it refuses us for good, stop if there is no web."""
        if self._discord is None:
            return
        try:
            await self._discord.start()
            if self._discord.name:
                self._say(
                    f"Discord: on, as {self._discord.name}; `tutor invite` prints the link that "
                    "adds the bot to a server"
                )
            else:
                self._say("Discord: not reached; it is tried again and again, see the log")
            await self._discord.wait()
        except TutorError as error:
            self._problem = str(error)
            if self._web is None:
                self._failure = error
                self._stop.set()
            else:
                self._log.error("Discord is off; the playground goes on", problem=str(error))

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        """Say that one of the above failed; serving goes on without it."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("not watched any more", what=task.get_name(), exc_info=error)

    @contextmanager
    def _handling_signals(self, house: House) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        reloads: set[asyncio.Task[None]] = set()

        def stop() -> None:
            if self._stop.is_set():
                os._exit(1)  # asked twice: at once, whatever is under way
            self._stop.set()

        def reload() -> None:
            task = loop.create_task(house.course.reload())
            reloads.add(task)
            task.add_done_callback(reloads.discard)

        handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload}
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)


def _checks(house: House, discord: Check | None) -> Mapping[str, Check]:
    """Return what `/readyz` asks."""

    async def lessons() -> str:
        return "" if house.course().lessons else "no lesson can be used"

    async def sandbox() -> str:
        request = RunRequest("print('ready')", "readiness")
        try:
            async with aclosing(house.runner.run(request)) as events:
                async for event in events:
                    if isinstance(event, Finished) and event.outcome is not Outcome.OK:
                        return f"a one-line scenario ended in {event.outcome}: {event.detail}"
        except SandboxError as error:
            return str(error)
        return ""

    checks = {"lessons": lessons, "sandbox": sandbox}
    return {**checks, "discord": discord} if discord else checks
