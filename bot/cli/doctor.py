"""The verb `doctor`."""

import json
import time
from dataclasses import asdict

import click

from bot.cli.context import json_option
from bot.cli.doctor_check import DoctorCheck
from bot.cli.doctor_checks import all_checks
from bot.errors import SettingsError
from bot.foundation import read_settings

_MARKS = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}
_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command()
@click.option(
    "--wait",
    type=click.FloatRange(0, 600),
    default=0.0,
    metavar="SECONDS",
    help="Look again for so long while something fails, such as workers that are still starting.",
)
@json_option
def doctor(*, wait: float, as_json: bool) -> int:
    """Look at everything that serving needs, and say what to do about what is missing.

    The exit status is 1 if something failed; warnings do not count.
    """
    deadline = time.monotonic() + wait
    try:
        settings = read_settings()
    except SettingsError as error:
        remedy = "Mend the environment or .env; `tutor settings` shows every setting."
        checks = [DoctorCheck("settings", "failed", str(error), remedy)]
    else:
        checks = all_checks(settings)
        while not _healthy(checks) and time.monotonic() < deadline:
            time.sleep(1)
            checks = all_checks(settings)
    healthy = _healthy(checks)
    if as_json:
        report = {"ok": healthy, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _tell(checks)
    return int(not healthy)


def _healthy(checks: list[DoctorCheck]) -> bool:
    return all(check.status != "failed" for check in checks)


def _tell(checks: list[DoctorCheck]) -> None:
    widest = max(len(check.name) for check in checks)
    for check in checks:
        mark = click.style(_MARKS[check.status], fg=_COLOURS[check.status])
        found = check.found.replace("\n", "\n" + " " * (widest + 11))
        click.echo(f"{mark}  {check.name:<{widest}}  {found}")
        if check.remedy and check.status != "ok":
            click.echo(" " * (widest + 11) + "→ " + check.remedy)
