"""The stand-in's gateway: sessions over websockets, dropped and resumed as a test says."""

import asyncio
import json
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_standin.state import APPLICATION, GUILD, State

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Session:
    """A session, which may outlive its socket."""

    id: str
    shard: tuple[int, int]
    intents: int
    sent: list[dict[str, Any]] = field(default_factory=list)
    socket: "Socket | None" = None


class Socket:
    """One websocket connection, compressed as the client asked."""

    def __init__(self, socket: web.WebSocketResponse, compress: str | None) -> None:
        self._socket = socket
        self._zlib = zlib.compressobj() if compress == "zlib-stream" else None
        self._lock = asyncio.Lock()

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one gateway payload."""
        await self.send_raw(json.dumps(payload))

    async def send_raw(self, data: bytes | str) -> None:
        """Send a frame as it is: text, or bytes outside of the compressed stream."""
        async with self._lock:
            if isinstance(data, bytes):
                await self._socket.send_bytes(data)
            elif self._zlib is None:
                await self._socket.send_str(data)
            else:
                packed = self._zlib.compress(data.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self._socket.send_bytes(packed)

    async def close(self, code: int) -> None:
        """Close the connection with one of Discord's codes."""
        await self._socket.close(code=code)


class Gateway:
    """All sessions. `resume_url` is told to clients in READY."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.resume_url = ""
        self.sessions: dict[str, Session] = {}
        self.identified: list[dict[str, Any]] = []
        self.resumed = 0
        self.reject_resume = False
        self.sent_to_all = False
        """Whether every session of a shard is sent what happens, or the newest alone."""
        self.servers = 1
        self._changed = asyncio.Condition()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one client until it leaves."""
        response = web.WebSocketResponse()
        await response.prepare(request)
        socket = Socket(response, request.query.get("compress"))
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": 20_000}, "s": None, "t": None})
        session: Session | None = None
        async for message in response:
            if message.type is not WSMsgType.TEXT:
                break
            payload = json.loads(message.data)
            if payload["op"] == HEARTBEAT:
                # Sooner, discord.py would take it for the answer to the heartbeat before.
                await asyncio.sleep(0.05)
                with suppress(ConnectionError):  # it has just gone
                    await socket.send({"op": ACK, "d": None, "s": None, "t": None})
            elif payload["op"] == IDENTIFY:
                session = await self._identify(socket, payload["d"])
            elif payload["op"] == RESUME:
                session = await self._resume(socket, payload["d"])
        if session is not None and session.socket is socket:
            session.socket = None
        return response

    async def dispatch(self, event: str, data: dict[str, Any], *, shard: int = 0) -> None:
        """Send an event to the session of `shard`, now or when it resumes; it may be lost."""
        sessions = [each for each in self.sessions.values() if each.shard[0] == shard]
        for session in sessions if self.sent_to_all else sessions[-1:]:
            payload = {"op": DISPATCH, "t": event, "s": len(session.sent) + 1, "d": data}
            session.sent.append(payload)
            if session.socket is not None:
                with suppress(ConnectionError):  # it has just gone
                    await session.socket.send(payload)

    async def send_raw(self, data: bytes | str) -> None:
        """Send every client a frame as it is."""
        for socket in self._connected():
            await socket.send_raw(data)

    async def drop(self, code: int = 4000) -> None:
        """Cut every connection; sessions can be resumed."""
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code)

    async def ask_to_reconnect(self) -> None:
        """Send every client op 7."""
        for socket in self._connected():
            with suppress(ConnectionError):
                await socket.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self) -> None:
        """End every session: clients must identify again."""
        sockets = self._connected()
        self.sessions.clear()
        for socket in sockets:
            with suppress(ConnectionError):
                await socket.send({"op": INVALID, "d": False, "s": None, "t": None})

    async def connected(
        self, *, sessions: int = 1, resumed: int = 0, identified: int = 0, seconds: float = 30.0
    ) -> None:
        """Wait until so many sessions are connected, and so many were taken up so far."""

        def enough() -> bool:
            return (
                len(self._connected()) >= sessions
                and self.resumed >= resumed
                and len(self.identified) >= identified
            )

        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(enough)

    def forget(self) -> None:
        """Lose all sessions, as a server does that was killed: none can be resumed."""
        self.sessions.clear()

    def _connected(self) -> list[Socket]:
        return [each.socket for each in self.sessions.values() if each.socket is not None]

    async def _identify(self, socket: Socket, data: dict[str, Any]) -> Session | None:
        if data["token"] != self._state.token:
            await socket.close(4004)
            return None
        shard = tuple(data.get("shard", (0, 1)))
        session = Session(self._state.snowflake(), (shard[0], shard[1]), data["intents"])
        session.socket = socket
        self.sessions[session.id] = session
        user = {"id": str(APPLICATION), "username": "tutor", "discriminator": "0000"}
        ready = {
            "v": 10,
            "user": {**user, "avatar": None, "bot": True},
            "guilds": [
                {"id": str(GUILD + number), "unavailable": True} for number in range(self.servers)
            ],
            "session_id": session.id,
            "resume_gateway_url": self.resume_url,
            "shard": list(shard),
            "application": {"id": str(APPLICATION), "flags": 0},
        }
        self.identified.append(data)
        await self.dispatch("READY", ready, shard=shard[0])
        async with self._changed:
            self._changed.notify_all()
        return session

    async def _resume(self, socket: Socket, data: dict[str, Any]) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or self.reject_resume:
            await socket.send({"op": INVALID, "d": False, "s": None, "t": None})
            return None
        session.socket = socket
        for payload in session.sent[data["seq"] :]:
            await socket.send(payload)
        resumed = {"op": DISPATCH, "t": "RESUMED", "s": len(session.sent) + 1, "d": {}}
        session.sent.append(resumed)
        await socket.send(resumed)
        self.resumed += 1
        async with self._changed:
            self._changed.notify_all()
        return session
