"""A learner at Discord's client: types commands, presses buttons, reads what comes back."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.discord_standin import limits
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import (
    APPLICATION,
    CHANNEL,
    GUILD,
    Context,
    Interaction,
    Message,
)

_COMMAND, _COMPONENT, _AUTOCOMPLETE, _FORM = 2, 3, 4, 5
_NEXT_USER = iter(range(444_000_000_000_000_001, 445_000_000_000_000_000))


@dataclass
class Exchange:
    """What one click led to."""

    standin: StandIn
    interaction: Interaction
    pressed: Message | None = None
    seen: int = 0
    """How often the message had been written before the click."""

    @property
    def message(self) -> Message:
        """The message that answers: a follow-up where the first one was taken back."""
        original = self.interaction.original
        if (original is None or original.deleted) and self.interaction.follow_ups:
            return self.interaction.follow_ups[-1]
        assert original is not None, "nothing was answered"
        return original

    @property
    def text(self) -> str:
        """All text of the message, as far as it is written."""
        return "\n".join(
            each["content"]
            for each in limits.components(self.message.payload)
            if each["type"] == 10
        )

    @property
    def modal(self) -> dict[str, Any] | None:
        """The editor that opened instead of a message, if one did."""
        callback = self.interaction.callback
        return callback["data"] if callback and callback["type"] == 9 else None

    @property
    def begun(self) -> str:
        """What stands in the editor."""
        assert self.modal is not None
        return next(
            str(each["component"].get("value") or "")
            for each in self.modal["components"]
            if each["component"]["custom_id"] == "code"
        )

    @property
    def buttons(self) -> dict[str, dict[str, Any]]:
        """The message's buttons, by label."""
        return {each["label"]: each for each in self._of_type(2)}

    @property
    def form(self) -> dict[str, Any]:
        """The form that was opened."""
        callback = self.interaction.callback
        assert callback is not None
        assert callback["type"] == 9, "no form was opened"
        opened: dict[str, Any] = callback["data"]
        return opened

    @property
    def menus(self) -> list[dict[str, Any]]:
        """The message's menus."""
        return self._of_type(3)

    def _of_type(self, kind: int) -> list[dict[str, Any]]:
        return [each for each in limits.components(self.message.payload) if each["type"] == kind]

    def _written(self) -> bool:
        if self.interaction.callback is None:
            return False
        original = self.interaction.original
        if original is None or original.deleted:
            return bool(self.interaction.follow_ups)
        return len(original.history) > (self.seen if original is self.pressed else 0)

    async def answered(self) -> "Exchange":
        """Wait for the first answer, be it only that one is coming."""
        await self.standin.until(lambda: self.interaction.callback is not None)
        return self

    async def until(self, text: str, *, seconds: float = 30.0) -> "Exchange":
        """Wait until the message holds `text`."""
        await self.standin.until(lambda: self._written() and text in self.text, seconds=seconds)
        return self

    async def finished(self, *, seconds: float = 60.0) -> "Exchange":
        """Wait until the message is as it will stay: nothing in it says that more may come."""
        await self.standin.until(
            lambda: self._written() and not re.search(r"<t:\d+:R>", self.text), seconds=seconds
        )
        return self


@dataclass
class Learner:
    """Someone who uses Discord. `at`: in a server, in a direct message, or elsewhere."""

    standin: StandIn
    locale: str = "en-US"
    at: Context = "guild"
    shard: int = 0
    guild: int = GUILD
    guild_locale: str = "en-US"
    channel: int = CHANNEL
    id: str = field(default_factory=lambda: str(next(_NEXT_USER)))

    async def command(self, name: str, /, **options: str | bool) -> Exchange:
        """Type a slash command."""
        return await self._send(_COMMAND, self._typed(name, options))

    async def complete(
        self, name: str, option: str, typed: str, **before: str
    ) -> list[dict[str, str]]:
        """Type into a command's option; return what is offered."""
        data = self._typed(name, {**before, option: typed})
        data["options"][-1]["focused"] = True
        exchange = await self._send(_AUTOCOMPLETE, data)
        await exchange.answered()
        callback = exchange.interaction.callback
        assert callback is not None
        assert callback["type"] == 8
        offered: list[dict[str, str]] = callback["data"]["choices"]
        return offered

    async def write(self, text: str) -> None:
        """Write a direct message to the bot."""
        author = {"id": self.id, "username": "learner", "discriminator": "0", "avatar": None}
        message = self.standin.rest.shown(
            Message(self.standin.state.snowflake(), {}, ephemeral=False)
        )
        message |= {"content": text, "type": 0, "author": author, "flags": 0}
        await self.standin.gateway.dispatch("MESSAGE_CREATE", message, shard=self.shard)

    async def explain_this(self, about: str | Exchange) -> Exchange:
        """Ask about someone's message, or an answer of the bot's."""
        return await self.use("Explain this", about)

    async def use(self, menu: str, about: str | Exchange) -> Exchange:
        """Use the context menu on someone's message, or on an answer of the bot's."""
        identity = self.standin.state.snowflake()
        if isinstance(about, Exchange):
            message = self.standin.rest.shown(about.message)
            identity = message["id"]
        else:
            message = self.standin.rest.shown(Message(identity, {}, ephemeral=False))
            message |= {"content": about, "type": 0}
        data = {
            "id": "1",
            "name": menu,
            "type": 3,
            "target_id": identity,
            "resolved": {"messages": {identity: message}},
        }
        return await self._send(_COMMAND, data)

    async def submit(
        self, exchange: Exchange, code: str, file: tuple[str, bytes] | None = None
    ) -> Exchange:
        """Send in the editor that an exchange opened, with a text and perhaps a file."""
        await exchange.answered()
        assert exchange.modal is not None, exchange.interaction.callback
        data: dict[str, Any] = {"custom_id": exchange.modal["custom_id"]}
        values: list[str] = []
        if file is not None:
            name, content = file
            holder = Message(self.standin.state.snowflake(), {}, ephemeral=False)
            holder.files = {name: content}
            self.standin.state.messages[holder.id] = holder
            url = self.standin.rest.address(holder, name)
            found = {"id": holder.id, "filename": name, "size": len(content), "url": url}
            data["resolved"] = {"attachments": {holder.id: {**found, "proxy_url": url}}}
            values = [holder.id]
        data["components"] = [
            {"type": 18, "id": 1, "component": {"type": 4, "custom_id": "code", "value": code}},
            {"type": 18, "id": 2, "component": {"type": 19, "custom_id": "file", "values": values}},
        ]
        return await self._send(_FORM, data, exchange.pressed)

    async def interaction(self, exchange: Exchange, label: str) -> Exchange:
        """Press the button with this label."""
        button = exchange.buttons[label]
        assert not button.get("disabled"), f"{label} cannot be pressed"
        return await self.click(exchange.message, button["custom_id"])

    async def send(self, opened: Exchange, **chosen: str) -> Exchange:
        """Send a form with what was chosen in it, by the labels of the options."""
        form, components = opened.form, []
        for part in form["components"]:
            if part["type"] != 18:
                components.append({"type": part["type"], "id": 1})
                continue
            inner = part["component"]
            label = chosen.pop(inner["custom_id"], None)
            values = [each["value"] for each in inner["options"] if each["label"] == label]
            assert bool(values) == (label is not None), f"{label} is not among {inner['options']}"
            value: dict[str, Any] = {"value": values[0] if values else None}
            if inner["type"] == 3:
                value = {"values": values}
            answer = {"type": inner["type"], "custom_id": inner["custom_id"], **value}
            components.append({"type": 18, "id": 1, "component": answer})
        assert not chosen, f"the form does not ask {list(chosen)}"
        data = {"custom_id": form["custom_id"], "components": components, "resolved": {}}
        return await self._send(_FORM, data, opened.pressed)

    async def pick(self, exchange: Exchange, label: str, *, menu: int = 0) -> Exchange:
        """Pick the option with this label from a menu."""
        found = exchange.menus[menu]
        value = next(each["value"] for each in found["options"] if each["label"] == label)
        return await self.click(exchange.message, found["custom_id"], kind=3, values=[value])

    async def choose(self, exchange: Exchange, custom_id: str) -> Exchange:
        """Use the button, or the menu's option, that carries this custom id."""
        for button in exchange.buttons.values():
            if button.get("custom_id") == custom_id:
                return await self.click(exchange.message, custom_id)
        for menu in exchange.menus:
            if any(option["value"] == custom_id for option in menu["options"]):
                return await self.click(
                    exchange.message, menu["custom_id"], kind=3, values=[custom_id]
                )
        raise AssertionError(f"nothing offers {custom_id}: {exchange.message.payload}")

    async def click(
        self, message: Message, custom_id: str, *, kind: int = 2, values: list[str] | None = None
    ) -> Exchange:
        """Use an item of a message."""
        data: dict[str, Any] = {"custom_id": custom_id, "component_type": kind}
        if values is not None:
            data["values"] = values
        return await self._send(_COMPONENT, data, message)

    def _typed(self, name: str, options: Mapping[str, str | bool]) -> dict[str, Any]:
        return {
            "id": "1",
            "name": name,
            "type": 1,
            "options": [
                {"type": 5 if isinstance(value, bool) else 3, "name": key, "value": value}
                for key, value in options.items()
            ],
        }

    async def _send(
        self, kind: int, data: dict[str, Any], message: Message | None = None
    ) -> Exchange:
        state = self.standin.state
        interaction = Interaction(
            state.snowflake(), f"interaction-{state.snowflake()}", kind, time.monotonic(), self.id
        )
        interaction.original = message
        seen = len(message.history) if message else 0
        state.interactions[interaction.token] = interaction
        payload = {
            "id": interaction.id,
            "token": interaction.token,
            "application_id": str(APPLICATION),
            "type": kind,
            "version": 1,
            "data": data,
            "locale": self.locale,
            "attachment_size_limit": 10 * 2**20,
            "entitlements": [],
            "authorizing_integration_owners": {"1": self.id},
            **self._whereabouts(),
        }
        if message is not None:
            payload["message"] = self.standin.rest.shown(message)
        await self.standin.gateway.dispatch("INTERACTION_CREATE", payload, shard=self.shard)
        return Exchange(self.standin, interaction, message, seen)

    def _whereabouts(self) -> dict[str, Any]:
        user: dict[str, Any] = {
            "id": self.id,
            "username": f"learner{self.id[-3:]}",
            "discriminator": "0",
        }
        user |= {"avatar": None, "global_name": "Learner"}
        channel = {"id": str(self.channel), "type": 0, "name": "general", "position": 0}
        if self.at != "guild":
            kind = 1 if self.at == "dm" else 3
            return {
                "user": user,
                "context": 1 if self.at == "dm" else 2,
                "channel_id": str(self.channel),
                "channel": {**channel, "type": kind, "recipients": [user]},
                "app_permissions": "0",
            }
        member: dict[str, Any] = {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
        }
        member |= {"permissions": "0", "deaf": False, "mute": False, "flags": 0, "avatar": None}
        return {
            "guild_id": str(self.guild),
            "guild": {"id": str(self.guild), "locale": self.guild_locale, "features": []},
            "guild_locale": self.guild_locale,
            "member": member,
            "context": 0,
            "channel_id": str(self.channel),
            "channel": {**channel, "guild_id": str(self.guild), "permissions": "0"},
            "app_permissions": "0",
        }
