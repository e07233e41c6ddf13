"""The list of verbs comes without importing any, and says what each verb's own help begins with."""

import subprocess
import sys

import click
import pytest

from bot.cli import tutor
from tests.commands import clean_environment

VERBS = tutor.list_commands(click.Context(tutor))


@pytest.mark.parametrize("verb", VERBS)
def test_the_list_says_what_a_verbs_help_begins_with(verb: str) -> None:
    context = click.Context(tutor, terminal_width=300, max_content_width=300)
    command = tutor.get_command(context, verb)
    assert command is not None
    assert command.get_short_help_str(200) in tutor.get_help(context)


def test_the_list_imports_no_verb() -> None:
    code = (
        "import sys\nfrom bot.cli import tutor\n"
        "tutor.main(['--help'], standalone_mode=False)\n"
        "sys.exit(any(it in sys.modules for it in ('bot.app', 'structlog', 'pydantic')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_run_of_own_code_begins_before_what_shows_it_is_imported() -> None:
    code = (
        "import sys\nimport bot.cli.trying\n"
        "slow = ('bot.app', 'bot.course', 'bot.tutor.service', 'bot.lessons', 'PIL', 'yaml',"
        " 'rapidfuzz', 'prompt_toolkit', 'discord', 'aiohttp')\n"
        "sys.exit(', '.join(it for it in slow if it in sys.modules) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
