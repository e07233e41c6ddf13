"""The stand-in's REST interface: what a bot that answers interactions uses, and no more."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from tests.discord_standin import limits
from tests.discord_standin.description import Description
from tests.discord_standin.gateway import Gateway
from tests.discord_standin.state import (
    APPLICATION,
    CHANNEL,
    Fault,
    Interaction,
    Message,
    Record,
    State,
)

FIRST_ANSWER_SECONDS = 3.0
"""Later than that, Discord does not know an interaction any more."""
SIGNATURE = "a-signature-of-discords"
"""Without it, Discord's file server gives nothing."""
EPHEMERAL, LOADING = 1 << 6, 1 << 7
_BODY: web.RequestKey[Any] = web.RequestKey("body", object)
_FILES: web.RequestKey[dict[str, bytes]] = web.RequestKey("files", dict)
_UNKNOWN_INTERACTION = (404, {"message": "Unknown interaction", "code": 10062})
_UNKNOWN_MESSAGE = (404, {"message": "Unknown Message", "code": 10008})
_BAD_TOKEN = (401, {"message": "Invalid Webhook Token", "code": 50027})
_ANSWERED = (400, {"message": "Interaction has already been acknowledged.", "code": 40060})


class Rest:
    """Discord's HTTP API under /api/v10, and its file server under /cdn."""

    def __init__(self, state: State, gateway: Gateway, description: Description | None) -> None:
        self._state = state
        self._gateway = gateway
        self._description = description
        self.url = ""
        self.changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        """Return everything that is served."""
        hook = "/api/v10/webhooks/{application}/{token}"
        commands = "/api/v10/applications/{application}/{scope:(guilds/\\d+/)?}commands"
        return [
            web.get("/api/v10/users/@me", self._me),
            web.get("/api/v10/applications/@me", self._application),
            web.get("/api/v10/oauth2/applications/@me", self._application),
            web.get("/api/v10/gateway/bot", self._gateway_bot),
            web.get(commands, self._commands),
            web.put(commands, self._put_commands),
            web.post("/api/v10/interactions/{id}/{token}/callback", self._callback),
            web.post(hook, self._follow_up),
            web.get(hook + "/messages/{message}", self._get),
            web.patch(hook + "/messages/{message}", self._edit),
            web.delete(hook + "/messages/{message}", self._delete),
            web.post("/api/v10/channels/{channel}/messages", self._write_message),
            web.get("/cdn/{message}/{name}", self._file),
            web.route("*", "/{anything:.*}", self._unknown),
        ]

    @web.middleware
    async def watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Record and check every request to the API; answer with a scripted fault if one waits."""
        if not request.path.startswith("/api/v10/"):
            response: web.StreamResponse = await handler(request)
            return response
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        request[_BODY], request[_FILES] = body, files
        self._check(request.method, path, body)
        fault = self._state.fault_for(request.method, path)
        if fault is not None and fault.swallow:
            response = _faulty(fault)
        else:
            response = await handler(request)
            if fault is not None:
                response = _faulty(fault)
        self._state.records.append(
            Record(time.monotonic(), request.method, path, body, response.status)
        )
        async with self.changed:
            self.changed.notify_all()
        return response

    def _check(self, method: str, path: str, body: Any) -> None:
        if self._description is not None:
            self._state.wrong += self._description.faults(method, path, body)

    def _wrong(self, faults: list[str]) -> None:
        self._state.wrong += faults

    def _authorized(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self._state.token}"

    async def _me(self, request: web.Request) -> web.Response:
        if not self._authorized(request):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        user = {"id": str(APPLICATION), "username": "tutor", "discriminator": "0000"}
        return _json({**user, "avatar": None, "bot": True})

    async def _application(self, request: web.Request) -> web.Response:
        if not self._authorized(request):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        application = {"id": str(APPLICATION), "name": "tutor", "icon": None, "description": ""}
        return _json(
            {
                **application,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "flags": 0,
                "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None},
                "team": None,
            }
        )

    async def _gateway_bot(self, _request: web.Request) -> web.Response:
        start = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = self._gateway.resume_url
        return _json({"url": url, "shards": 2, "session_start_limit": start})

    async def _commands(self, request: web.Request) -> web.Response:
        found = self._state.commands.get(request.match_info["scope"], [])
        if request.query.get("with_localizations") != "true":
            hidden = ("name_localizations", "description_localizations")
            found = [{k: v for k, v in each.items() if k not in hidden} for each in found]
        return _json(found)

    async def _put_commands(self, request: web.Request) -> web.Response:
        body = request[_BODY]
        self._wrong(limits.command_faults(body))
        common = {"application_id": str(APPLICATION), "version": "1"}
        self._state.commands[request.match_info["scope"]] = [
            {"description": "", **each, **common, "id": self._state.snowflake()} for each in body
        ]
        self._state.registered += 1
        return _json(self._state.commands[request.match_info["scope"]])

    def _interaction(self, request: web.Request) -> Interaction | None:
        return self._state.interactions.get(request.match_info["token"])

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        if interaction is None or interaction.expired:
            return _json(_UNKNOWN_INTERACTION[1], 404)
        if time.monotonic() - interaction.sent_at > FIRST_ANSWER_SECONDS:
            return _json(_UNKNOWN_INTERACTION[1], 404)
        if interaction.callback is not None:
            return _json(_ANSWERED[1], 400)
        body = request[_BODY]
        interaction.callback = body
        interaction.answered_at = time.monotonic()
        kind, data = body["type"], body.get("data") or {}
        if kind == 8:
            self._wrong(limits.choice_faults(data))
        if kind == 9:
            self._wrong(limits.form_faults(data, interaction.kind))
        if kind in {4, 7}:
            self._wrong(limits.message_faults(data, request[_FILES]))
        if kind in {4, 5}:
            flags = data.get("flags", 0)
            interaction.original = self._message(data, request[_FILES], flags)
            interaction.original.asked = interaction
            interaction.original.loading = kind == 5
        elif kind == 7:
            assert interaction.original is not None
            self._write(interaction.original, data, request[_FILES])
        answer = {"interaction": {"id": interaction.id, "type": interaction.kind}}
        message = interaction.original
        if message is not None and kind not in {8, 9}:
            answer["interaction"]["response_message_id"] = message.id
            answer["resource"] = {"type": kind, "message": self.shown(message)}
        return _json(answer)

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        if interaction is None or interaction.expired:
            return _json(_BAD_TOKEN[1], 401)
        body = request[_BODY]
        self._wrong(limits.message_faults(body, request[_FILES]))
        original = interaction.original
        if original is not None and original.loading and not original.deleted:
            # It takes the place of "is thinking", and is as private as that was.
            self._write(original, body, request[_FILES])
            return _json(self.shown(original))
        message = self._message(body, request[_FILES], body.get("flags", 0))
        message.asked = interaction
        interaction.follow_ups.append(message)
        return _json(self.shown(message))

    async def _write_message(self, request: web.Request) -> web.Response:
        body = request[_BODY]
        self._wrong(limits.message_faults(body, request[_FILES]))
        message = self._message(body, request[_FILES], body.get("flags", 0))
        self._state.written.append(message)
        return _json(self.shown(message))

    def _target(self, request: web.Request) -> Message | tuple[int, dict[str, Any]]:
        interaction = self._interaction(request)
        if interaction is None or interaction.expired:
            return _BAD_TOKEN
        name = request.match_info["message"]
        message = interaction.original if name == "@original" else self._state.messages.get(name)
        return _UNKNOWN_MESSAGE if message is None or message.deleted else message

    async def _get(self, request: web.Request) -> web.Response:
        found = self._target(request)
        return _json(found[1], found[0]) if isinstance(found, tuple) else _json(self.shown(found))

    async def _edit(self, request: web.Request) -> web.Response:
        found = self._target(request)
        if isinstance(found, tuple):
            return _json(found[1], found[0])
        headers, wait = self._rate(found.id)
        if wait is not None:
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            return _json(body, 429, {**headers, "Via": "1.1 google"})
        self._wrong(limits.message_faults(request[_BODY], request[_FILES]))
        self._write(found, request[_BODY], request[_FILES])
        return _json(self.shown(found), 200, headers)

    async def _delete(self, request: web.Request) -> web.Response:
        found = self._target(request)
        if isinstance(found, tuple):
            return _json(found[1], found[0])
        found.deleted = True
        return web.Response(status=204)

    async def _file(self, request: web.Request) -> web.Response:
        message = self._state.messages.get(request.match_info["message"])
        if request.query.get("hm") != SIGNATURE:
            return web.Response(status=403)
        if message is None or message.deleted or request.match_info["name"] not in message.files:
            return web.Response(status=404)
        return web.Response(body=message.files[request.match_info["name"]])

    async def _unknown(self, request: web.Request) -> web.Response:
        self._wrong([f"{request.method} {request.path}: nothing like it is served"])
        return _json({"message": "404: Not Found", "code": 0}, 404)

    def _rate(self, message: str) -> tuple[dict[str, str], float | None]:
        """Return the rate limit's headers for an edit, and how long to wait if it is too soon."""
        if self._state.rate is None:
            return {}, None
        count, seconds = self._state.rate
        now = time.monotonic()
        edits = [at for at in self._state.edits.get(message, ()) if at > now - seconds]
        if len(edits) >= count:
            wait = round(edits[0] + seconds - now, 3)
            return _limit_headers(count, 0, wait), wait
        self._state.edits[message] = [*edits, now]
        left = count - len(edits) - 1
        return _limit_headers(count, left, [*edits, now][0] + seconds - now), None

    def _message(self, data: dict[str, Any], files: dict[str, bytes], flags: int) -> Message:
        message = Message(self._state.snowflake(), {}, ephemeral=bool(flags & EPHEMERAL))
        self._state.messages[message.id] = message
        if data.get("components"):
            self._write(message, data, files)
        return message

    def _write(self, message: Message, data: dict[str, Any], files: dict[str, bytes]) -> None:
        message.payload = data
        message.files = files
        message.loading = False
        message.history.append((time.monotonic(), data))

    def shown(self, message: Message) -> dict[str, Any]:
        """Return `message` as Discord sends messages to bots."""
        flags = message.payload.get("flags", limits.V2 if message.payload else 0)
        flags |= EPHEMERAL * message.ephemeral | LOADING * message.loading
        numbers = iter(range(1, 1000))
        return {
            "id": message.id,
            "channel_id": str(CHANNEL),
            "author": {"id": str(APPLICATION), "username": "tutor", "discriminator": "0000"}
            | {"avatar": None, "bot": True},
            "content": "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "embeds": [],
            "pinned": False,
            "type": 20,
            "flags": flags,
            "attachments": [],  # files that components show are in the components alone
            "components": [
                self._component(each, message, numbers)
                for each in message.payload.get("components") or ()
            ],
        } | _metadata(message)

    def _component(self, component: dict[str, Any], message: Message, numbers: Any) -> Any:
        """Return a component as Discord sends it: numbered, its files with addresses."""
        sent = {"id": next(numbers), **component}
        if "components" in component:
            sent["components"] = [
                self._component(each, message, numbers) for each in component["components"]
            ]
        if "items" in component:
            sent["items"] = [
                {**item, "media": self._media(item["media"], message)}
                for item in component["items"]
            ]
        if "file" in component:
            name = component["file"]["url"].removeprefix("attachment://")
            sent["file"] = self._media(component["file"], message)
            sent |= {"name": name, "size": len(message.files.get(name, b""))}
        return sent

    def address(self, message: Message, name: str) -> str:
        """Return where a file of a message can be read."""
        return f"{self.url}/cdn/{message.id}/{name}?ex=1&is=1&hm={SIGNATURE}"

    def _media(self, media: dict[str, Any], message: Message) -> dict[str, Any]:
        url = self.address(message, media["url"].removeprefix("attachment://"))
        return {"url": url, "proxy_url": url, "loading_state": 2}


def _metadata(message: Message) -> dict[str, Any]:
    """Return who asked for a message, as Discord tells it."""
    if message.asked is None:
        return {}
    user = {"id": message.asked.user, "username": "learner", "discriminator": "0", "avatar": None}
    return {
        "interaction_metadata": {
            "id": message.asked.id,
            "type": message.asked.kind,
            "user": user,
            "authorizing_integration_owners": {"1": message.asked.user},
        }
    }


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """Return a request's JSON, and the files that came with it by their names."""
    if request.content_type != "multipart/form-data":
        return (json.loads(await request.read()) if request.can_read_body else None), {}
    body, files = None, {}
    async for part in await request.multipart():
        if part.name == "payload_json":  # type: ignore[union-attr]  # no multipart in a part
            body = json.loads(await part.read())  # type: ignore[union-attr]
        else:
            files[part.filename or ""] = bytes(await part.read())  # type: ignore[union-attr]
    return body, files


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON as Discord does: without a charset, which discord.py would not recognise."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def _faulty(fault: Fault) -> web.Response:
    return _json(fault.body, fault.status, fault.headers)


def _limit_headers(limit: int, remaining: int, after: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{time.time() + after:.3f}",
        "X-RateLimit-Reset-After": f"{after:.3f}",
        "X-RateLimit-Bucket": "edits-of-one-message",
    }
