"""Serving: every platform that is configured, from start to a graceful end, in one process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from functools import partial
from importlib import metadata
from platform import python_version

import structlog

from bot.app import App, open_app
from bot.collector import spaced_full_collections
from bot.errors import SandboxError, SettingsError, TutorError
from bot.observe.metrics import watch_lag
from bot.observe.prometheus import PrometheusMetrics
from bot.observe.service_manager import SERVING, STOPPING
from bot.platforms.discord.admission import Access
from bot.platforms.discord.bot import DiscordBot
from bot.platforms.discord.connection import Retry
from bot.platforms.discord.shards import Shards
from bot.platforms.protocol import Platform
from bot.platforms.web.readiness import Check
from bot.platforms.web.server import Playground
from bot.runner.host.room import read_room
from bot.runner.host.sizing import too_many
from bot.runner.model import Finished, Outcome, Runner, RunRequest
from bot.settings import UNREACHABLE_IN_CONTAINER, Settings
from bot.together import cancel_all, together
from bot.watching import watch

Say = Callable[[str], None]
"""Tells the operator something in plain words."""

_LAST_WORDS = 8.0
"""Seconds that closing may take after the grace: the platforms tell the rest that it is over."""


class Server:
    """Serves until it is told to stop.

    :param retry: when Discord is tried again, and when no more
    :param notify: is told `SERVING` once all platforms are served, and `STOPPING` at the end
    """

    def __init__(
        self, settings: Settings, *, say: Say, retry: Retry | None = None, notify: Say | None = None
    ) -> None:
        self._settings = settings
        self._notify = notify or (lambda _: None)
        self._starting: set[str] = set()
        self._retry = retry
        self._say = say
        self._log = structlog.get_logger("bot.serving")
        self._metrics = PrometheusMetrics()
        self._stop, self._reload = asyncio.Event(), asyncio.Event()
        self._failure: TutorError | None = None
        self._platforms: list[Platform] = []
        self._down: dict[str, str] = {}

    async def serve(self) -> int:
        """Serve every configured platform until SIGTERM or SIGINT; return the exit status.

        Then no new runs are taken, those in flight may finish within the set time, the rest is
        told. A second signal ends the process at once. SIGHUP reads the lessons again.

        :raises TutorError: if something that serving needs cannot be used
        """
        settings = self._settings
        if not settings.web_enabled and settings.discord_token is None:
            raise SettingsError(
                "There is nothing to serve. Set TUTOR_DISCORD_TOKEN for Discord, or "
                "TUTOR_WEB_ENABLED=true for the playground."
            )
        version = await asyncio.to_thread(metadata.version, "asyncio-tutor")
        self._metrics.built(version=version, python=python_version())
        async with open_app(settings, metrics=self._metrics) as app:
            await together((app.runner.start(), app.renderer.start()))
            if app.fronts is not None:
                await app.fronts.share_news(app.course)
            self._platforms = self._configured(app)
            self._starting = {it.name for it in self._platforms}
            with self._handling_signals():
                try:
                    async with self._in_background(app), spaced_full_collections():
                        self._tell(app, crowded=await self._crowded())
                        await self._stop.wait()
                finally:
                    await self._end(app)
        if self._failure:
            raise self._failure
        self._say("Stopped.")
        return 0

    async def _crowded(self) -> str:
        """Return why not so many runs fit here at once; "" if they do, or are made elsewhere."""
        if self._settings.nats_url is not None:
            return ""
        return too_many(self._settings.runs_at_once, await asyncio.to_thread(read_room))

    def _configured(self, app: App) -> list[Platform]:
        """Return the platforms to serve."""
        settings, platforms = self._settings, list[Platform]()
        if settings.discord_token is not None:
            discord = DiscordBot(
                tutor=app.tutor,
                token=settings.discord_token,
                sync=settings.discord_sync,
                server=settings.discord_server,
                shards=self._shards(app),
                learner_requests_per_minute=settings.learner_requests_per_minute,
                server_requests_per_minute=settings.server_requests_per_minute,
                blocked=settings.blocked_users,
                access=Access(
                    frozenset(settings.discord_servers),
                    frozenset(settings.discord_channels),
                    settings.discord_locale,
                    private=settings.discord_private,
                ),
                report=settings.feedback_url or "",
                metrics=self._metrics,
                renderer=app.renderer,
                retry=self._retry,
            )
            platforms.append(discord)
        if settings.web_enabled:
            web = Playground(
                tutor=app.tutor,
                host=settings.web_address,
                port=settings.web_port,
                hosts=settings.web_names,
                proxies=settings.web_proxies,
                blocked=settings.blocked_networks,
                metrics=self._metrics,
                expose=self._metrics.exposition,
                checks=self._checks(app, platforms),
                down=self._down,
                documents=settings.web_documents,
                embed=settings.web_embed,
                root=settings.web_root,
                site=settings.web_url or "",
                report=settings.feedback_url or "",
                operator=settings.operator,
            )
            web.lessons_changed(app.course.version)
            app.course.listen(web.lessons_changed)
            platforms.append(web)
        return platforms

    def _shards(self, app: App) -> Shards:
        """Return the shards of this process."""
        count, ids = self._settings.discord_shards, self._settings.discord_shard_ids
        return Shards(count, ids, app.fronts.leases if app.fronts else None)

    def _tell(self, app: App, *, crowded: str) -> None:
        """Say what is served, what is off, and why.

        :param crowded: why not so many runs fit at once; "" if they do
        """
        lessons = app.course().lessons
        scenarios = sum(len(lesson.scenarios) for lesson in lessons)
        self._say(f"lessons: {len(lessons)}, with {scenarios} scenarios")
        if app.course.problems:
            self._say(f"lessons: {len(app.course.problems)} files have problems; see the log")
        self._say(f"sandbox: {app.runner.describe()}")
        if not self._settings.web_enabled:
            self._say("playground: off, because TUTOR_WEB_ENABLED is false")
        if self._settings.discord_token is None:
            self._say("Discord: off, because TUTOR_DISCORD_TOKEN is not set")
        if self._settings.web_enabled and self._settings.unreachable_in_container:
            self._say(f"playground: {UNREACHABLE_IN_CONTAINER}")
        if crowded:
            self._say(f"runs: {crowded}")
        self._say("Stop with Ctrl-C or SIGTERM; SIGHUP reads the lessons again.")

    async def _end(self, app: App) -> None:
        """Take no new runs, wait for those in flight, and tell the rest that it is over."""
        self._notify(STOPPING)
        grace = self._settings.shutdown_seconds
        app.queue.close()
        under_way = app.queue.running
        if under_way:
            runs = "1 run" if under_way == 1 else f"{under_way} runs"
            self._say(f"Stopping: {runs} may go on for up to {grace:g} s.")
        with suppress(TimeoutError):
            async with asyncio.timeout(grace + _LAST_WORDS):
                await asyncio.gather(*(each.close(grace=grace) for each in self._platforms))

    @asynccontextmanager
    async def _in_background(self, app: App) -> AsyncIterator[None]:
        """Serve the platforms, and watch the lessons and the loop."""
        tasks = [
            asyncio.create_task(watch(app.course), name="lessons"),
            asyncio.create_task(watch_lag(self._metrics), name="lag"),
            asyncio.create_task(self._reload_when_told(app), name="reload"),
            *(asyncio.create_task(self._keep(it), name=it.name) for it in self._platforms),
        ]
        for task in tasks:
            task.add_done_callback(self._note_failure)
        try:
            yield
        finally:
            await cancel_all(tasks)

    async def _keep(self, platform: Platform) -> None:
        """Serve a platform; where it has ended for good and it was the last one, stop."""
        try:
            if beginning := platform.describe():
                self._say(f"{platform.name}: {beginning}")
            await platform.start()
            self._begun(platform)
            await self._reached(platform)
            self._say(f"{platform.name}: {platform.describe()}")
            await platform.wait()
        except TutorError as error:
            self._down[platform.name] = str(error)
            self._metrics.platform_connected(platform.name.lower(), connected=False)
            if len(self._down) == len(self._platforms):
                self._failure = error
                self._stop.set()
            else:
                self._log.error("platform down", name=platform.name, problem=str(error))
                self._begun(platform)

    def _begun(self, platform: Platform) -> None:
        """Tell that all are served, once the last of them is."""
        if platform.name in self._starting:
            self._starting.remove(platform.name)
            if not self._starting:
                self._notify(SERVING)

    async def _reload_when_told(self, app: App) -> None:
        """Read the lessons again at each SIGHUP; those that come meanwhile are one."""
        while True:
            await self._reload.wait()
            self._reload.clear()
            await app.course.reload()

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        """Say that one of the above failed; serving goes on without it."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.error("watch failed", what=task.get_name(), exc_info=error)

    @contextmanager
    def _handling_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def stop() -> None:
            if self._stop.is_set():
                os._exit(1)  # asked twice: at once, whatever is under way
            self._stop.set()

        handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: self._reload.set}
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)

    async def _reached(self, platform: Platform) -> str:
        """Return "" while learners can reach a platform, else what is wrong; note it."""
        problem = await platform.ready()
        self._metrics.platform_connected(platform.name.lower(), connected=not problem)
        return problem

    def _checks(self, app: App, platforms: Sequence[Platform]) -> Mapping[str, Check]:
        """Return what `/readyz` asks."""

        async def lessons() -> str:
            return "" if app.course().lessons else "no lesson can be used"

        checks: dict[str, Check] = {
            "lessons": lessons,
            "sandbox": partial(_one_line_runs, app.runner),
        }
        return checks | {it.name.lower(): partial(self._reached, it) for it in platforms}


async def _one_line_runs(runner: Runner) -> str:
    """Run a line; return "" if it ran, else what is wrong."""
    request = RunRequest("print('ready')", "readiness")
    try:
        async with aclosing(runner.run(request)) as events:
            async for event in events:
                if isinstance(event, Finished) and event.outcome is not Outcome.OK:
                    return f"a one-line scenario ended in {event.outcome}: {event.detail}"
    except SandboxError as error:
        return str(error)
    return ""
