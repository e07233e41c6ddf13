"""Who sees an answer: what runs a learner's own code is for the asker alone until they share it."""

from dataclasses import replace

from bot.tutor.model import Draft, Reply, Update


def for_the_asker(update: Update, *, shareable: bool) -> Update:
    """Return the update for the asker alone.

    :param shareable: whether they may show it to everybody
    """
    if isinstance(update, Reply):
        return replace(update, private=True, shareable=shareable)
    make = update.make

    async def made() -> Reply:
        return replace(await make(), private=True, shareable=shareable)

    return Draft(made)
