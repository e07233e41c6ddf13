"""Where the messages of one interaction go; Discord's faults become three of ours.

Facts of Discord's (https://discord.com/developers/docs/interactions/receiving-and-responding):
an interaction must be answered within 3 seconds, and its token can be used for 15 minutes.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

import aiohttp  # discord.py lets its connection errors through as they are
import discord
import structlog

from bot.platforms.discord.render import Rendered, file
from bot.platforms.discord.rows import TutorInteraction

_Result = TypeVar("_Result")

ALREADY_ANSWERED = 40060
"""Discord's code where a first answer did arrive, though we were told otherwise."""


class MessageSlotError(Exception):
    """A message could not be shown. `str(error)` says why, for the log."""


class GoneError(MessageSlotError):
    """Nothing can be shown here any more: the message was deleted or the token has expired."""


class UnreachableError(MessageSlotError):
    """Discord cannot be reached or has a fault of its own; later it may work."""


class RejectedError(MessageSlotError):
    """Discord did not accept this message; another one may be accepted."""


class MessageSlot:
    """Shows messages in answer to one interaction.

    :param in_place: change the message that was pressed, rather than send one of our own
    """

    def __init__(self, interaction: TutorInteraction, *, in_place: bool = False) -> None:
        self._interaction = interaction
        self._in_place = in_place

    @property
    def seconds_left(self) -> float:
        """How long the interaction's token can still be used."""
        return (self._interaction.expires_at - discord.utils.utcnow()).total_seconds()

    async def acknowledge(self, *, private: bool) -> None:
        """Tell Discord that an answer is coming.

        :raises MessageSlotError: if it could not be told
        """
        response = self._interaction.response
        await _translated(lambda: response.defer(ephemeral=private, thinking=not self._in_place))

    async def open(self, message: Rendered, *, private: bool) -> None:
        """Answer at once with a whole message.

        :raises MessageSlotError: if it could not be shown
        """
        response = self._interaction.response
        if self._in_place:
            await _translated(
                lambda: response.edit_message(
                    view=message.view, attachments=[file(each) for each in message.attachments]
                )
            )
        else:
            await _translated(
                lambda: response.send_message(
                    view=message.view,
                    files=[file(each) for each in message.attachments],
                    ephemeral=private,
                )
            )

    async def ask(self, modal: discord.ui.Modal) -> None:
        """Open a form; only a first answer can be one.

        :raises MessageSlotError: if it could not be opened
        """
        await _translated(lambda: self._interaction.response.send_modal(modal))

    async def update(self, message: Rendered) -> None:
        """Put `message` in the place of what is shown.

        :raises MessageSlotError: if it could not be shown
        """
        await _translated(
            lambda: self._interaction.edit_original_response(
                view=message.view, attachments=[file(each) for each in message.attachments]
            )
        )

    async def delete(self) -> None:
        """Delete the message that was pressed.

        :raises MessageSlotError: if Discord does not
        """
        await self.acknowledge(private=False)
        await _translated(self._interaction.delete_original_response)

    async def turn_private(self, message: Rendered) -> None:
        """Take back what all can see, and show `message` to the asker alone.

        :raises MessageSlotError: if it could not be shown
        """
        if not self._in_place:
            await _translated(self._interaction.delete_original_response)
        await self.whisper(message)

    async def whisper(self, message: Rendered) -> None:
        """Show one more message, to the asker alone.

        :raises MessageSlotError: if it could not be shown
        """
        await _translated(
            lambda: self._interaction.followup.send(
                view=message.view,
                files=[file(each) for each in message.attachments],
                ephemeral=True,
                wait=True,
            )
        )


async def _translated(request: Callable[[], Awaitable[_Result]]) -> None:
    """Make a request to Discord, with its faults as ours."""
    try:
        await request()
    except discord.NotFound as error:
        raise GoneError(_told(error)) from error
    except discord.DiscordServerError as error:
        raise UnreachableError(_told(error)) from error
    except discord.HTTPException as error:
        if error.code == ALREADY_ANSWERED:
            structlog.get_logger(__name__).info("answer taken after all")
            return
        if error.status == HTTPStatus.UNAUTHORIZED:
            raise GoneError(f"the interaction's token has expired ({_told(error)})") from error
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise UnreachableError(_told(error)) from error
        raise RejectedError(_told(error)) from error
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        raise UnreachableError(f"{type(error).__name__}: {error}") from error


def _told(error: discord.HTTPException) -> str:
    """Return what Discord said, on one line."""
    return " ".join(f"{error.status}, code {error.code}: {error.text}".split())[:300]
