"""Small verbs for operators: `invite` and `settings`."""

import base64
import binascii

import click

from bot.app import read_settings
from bot.errors import SettingsError
from bot.settings import example

_SNOWFLAKE_DIGITS = range(15, 22)


@click.command()
@click.option("--application", help="The application's id; by default that of TUTOR_DISCORD_TOKEN.")
def invite(application: str | None) -> None:
    """Print the link that adds the bot to a Discord server. Nothing is sent anywhere."""
    settings = read_settings()
    if application is None:
        token = settings.discord_token
        application = application_of(token.get_secret_value()) if token else ""
    if not is_snowflake(application):
        raise SettingsError(
            "The application's id is not known. Set TUTOR_DISCORD_TOKEN, or give --application "
            "with the number under General Information at https://discord.com/developers."
        )
    click.echo(
        "https://discord.com/oauth2/authorize?"
        f"client_id={application}&scope=bot+applications.commands&permissions=0"
    )


def application_of(token: str) -> str:
    """Return the application's id, which a token's first part holds in base64; "" if not."""
    first = token.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def is_snowflake(text: str) -> bool:
    """Tell whether this can be one of Discord's ids."""
    return text.isascii() and text.isdecimal() and len(text) in _SNOWFLAKE_DIGITS


@click.command()
def settings() -> None:
    """Print every setting with its meaning and its default: tutor settings > .env."""
    click.echo(example(), nl=False)
