"""Values of several processes that work together, read like those of `values`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, SecretStr

from bot.settings.values import read_from_text

_LAST_PORT = 65_535


def _shard_ids(value: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in value.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not (first.isascii() and first.isdecimal() and len(part) < 12):  # noqa: PLR2004 - two numbers of five digits
            raise ValueError("is no list of shards. Write their numbers, such as 0-3 or 0,2,5.")
        if dash and not (last.isascii() and last.isdecimal() and int(first) <= int(last)):
            raise ValueError("is no list of shards. Write their numbers, such as 0-3 or 0,2,5.")
        found.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def _nats_url(value: str) -> str:
    for one in value.split(","):
        found = re.fullmatch(r"(?:nats|tls|ws|wss)://[^\s/@]+?(?::([0-9]+))?", one.strip())
        if not found or not 0 < int(found[1] or 1) <= _LAST_PORT:
            raise ValueError(
                "is no address of NATS. Write it as nats://127.0.0.1:4222, or with tls:// beyond "
                "this machine; several with commas between. A key goes into TUTOR_NATS_NKEY."
            )
    return value


def _nkey(value: Any) -> Any:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if re.fullmatch(r"U[A-Z2-7]{55}", text):
        raise ValueError(
            "is a public key, which only NATS needs. Write the seed, which begins with SU."
        )
    if not re.fullmatch(r"SU[A-Z2-7]{56}", text):
        raise ValueError(
            "is no seed of a user's NKEY, which has 58 letters and digits and begins with SU. "
            "Write what `tutor nats-keys` made."
        )
    return value


def _worker_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise ValueError(
            "can be no worker's name. Write up to 64 letters, digits, - and _, such as worker-1."
        )
    return value


ShardIds = Annotated[tuple[int, ...], read_from_text(_shard_ids)]
NatsUrl = Annotated[str, read_from_text(_nats_url)]
Nkey = Annotated[SecretStr, BeforeValidator(_nkey)]
WorkerName = Annotated[str, read_from_text(_worker_name)]
