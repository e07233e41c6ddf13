"""The verb `nats-keys`."""

import os
from pathlib import Path

import click

from bot.errors import SettingsError
from bot.runner.remote.messages import worker_name

_CONFIGURATION = "nats.conf"


@click.command("nats-keys")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--worker", "names", multiple=True, help="A worker's name; may be repeated.")
@click.option("--listen", default="127.0.0.1:4222", help="Where NATS listens.", show_default=True)
@click.option(
    "--store", default="/data", help="A folder that NATS may write to.", show_default=True
)
@click.option(
    "--certificates",
    default="/etc/nats",
    help='The folder of server.pem and server.key; "" for no TLS.',
    show_default=True,
)
def nats_keys(
    folder: Path, names: tuple[str, ...], listen: str, store: str, certificates: str
) -> None:
    """Make a key for each role, and NATS's configuration for them.

    front.nk goes to the fronts, NAME.nk to the worker of that name, as TUTOR_NATS_NKEY_FILE: who
    has one is that role. Keys that are there already are kept, so that a worker can be added.
    """
    from bot.runner.remote.roles import configuration, public_key  # noqa: PLC0415 - NATS's client takes half a second

    for name in names:
        if name != worker_name(name) or name == "front":
            raise click.BadParameter(
                f"{name!r} can be no worker's name. Write letters, digits, - and _."
            )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        front = _seed(folder / "front.nk")
        for name in names:
            _seed(folder / f"{name}.nk")
        workers = {
            path.stem: public_key(_seed(path))
            for path in sorted(folder.glob("*.nk"))
            if path.stem != "front"
        }
        text = configuration(
            public_key(front), workers, listen=listen, store=store, certificates=certificates
        )
        (folder / _CONFIGURATION).write_text(text, "utf-8")
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written to: {error.strerror}.") from None
    click.echo(
        f"{folder / _CONFIGURATION}: NATS's configuration, for 1 front and {len(workers)} workers"
    )
    click.echo("*.nk are secrets: give each to its role alone, as TUTOR_NATS_NKEY_FILE.")


def _seed(path: Path) -> str:
    """Return the seed that lies in a file; make one where there is none."""
    from bot.runner.remote.roles import new_seed  # noqa: PLC0415 - as above

    if path.exists():
        return path.read_text("ascii").strip()
    seed = new_seed()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(seed + "\n")
    return seed
