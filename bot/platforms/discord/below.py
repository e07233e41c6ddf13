"""What can be done with an answer, in the rows below it: edit its code, replay it, be in charge."""

from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.own_answers import own_row
from bot.platforms.discord.own_code_message import edit_rows
from bot.platforms.discord.replay import replay_items
from bot.platforms.discord.rows import Row
from bot.platforms.discord.words import DiscordWords, OwnCodeFormWords
from bot.tutor.commands import command_of
from bot.tutor.model import Ask, Predict, Reply, Request, Solve, Try


def repeated(request: Request) -> Request:
    """Return what asks the same: a prediction is made again rather than checked once more."""
    if isinstance(request, Solve):
        return Solve(request.name)
    return Predict(request.name) if isinstance(request, Predict) else request


def rows_below(reply: Reply, ask: Ask, chosen: Chosen, report: str) -> list[Row]:
    """Return the rows below an answer.

    :param chosen: what the asker chose, for the buttons to carry on
    :param report: the address under *Report a mistake*; "" for none
    """
    own_code = isinstance(ask.what, Try)
    alone = command_of(ask.what).private
    replays = [] if ask.replay else replay_items(reply, ask.what, DiscordWords(ask.locale), chosen)
    rows = edit_rows(reply, OwnCodeFormWords(ask.locale), chosen.locale) if own_code else []
    return rows + own_row(
        repeated(ask.what),
        ask.locale,
        final=reply.final,
        private=(alone or chosen.private or reply.private) and not own_code,
        shareable=reply.shareable or (chosen.private and not (alone or reply.private)),
        report=report,
        first=replays,
        replay=ask.replay,
    )
