"""Small verbs for operators: `invite` and `settings`."""

import click

from bot.errors import SettingsError
from bot.foundation import read_settings
from bot.settings import example
from bot.settings.values import application_of, is_snowflake


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


@click.command()
def settings() -> None:
    """Print every setting with its meaning and its default: tutor settings > .env."""
    click.echo(example(), nl=False)
