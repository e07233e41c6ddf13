"""Who may read and write what on NATS: a configuration with a key for each role.

NATS holds an end to its subjects by its key, so a worker that strangers' code has taken over still
reads and writes under its own name alone.
"""

import os
from collections.abc import Mapping

import nkeys  # type: ignore[import-untyped] # it has no types of its own

from bot.runner.remote.leases import BUCKETS

_HEAD = """\
# NATS for the tutor's fronts and workers. `tutor nats-keys` wrote it; it holds no secret.
listen: "{listen}"
max_payload: 1MB
# For leases that fronts share. They live in memory and are gone within seconds.
jetstream {{store_dir: "{store}", max_memory_store: 64MB, max_file_store: 64MB}}
"""
_TLS = """\
tls {{
  cert_file: "{folder}/server.pem"
  key_file: "{folder}/server.key"
}}
"""
_USER = """\
    # {role}
    {{
      nkey: {key}
      permissions: {{
        publish: [{publish}]
        subscribe: [{subscribe}]
      }}
    }}
"""


def new_seed() -> str:
    """Return the seed of a new NKEY for a user of NATS. It is a secret."""
    return str(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode())


def public_key(seed: str) -> str:
    """Return the public key that NATS's configuration names."""
    return str(nkeys.from_seed(bytearray(seed.encode())).public_key.decode())


def front_permissions() -> tuple[list[str], list[str]]:
    """Return what a front may write and read."""
    store = ["$JS.API.INFO"]
    for bucket in BUCKETS:
        stream = f"KV_{bucket}"
        store += [
            f"$JS.API.STREAM.CREATE.{stream}",
            f"$JS.API.STREAM.INFO.{stream}",
            f"$JS.API.STREAM.MSG.GET.{stream}",
            f"$JS.API.DIRECT.GET.{stream}.>",
            f"$KV.{bucket}.>",
        ]
    publish = ["tutor.v1.worker.*.*.run", "tutor.v1.worker.*.*.control", "tutor.v1.fronts.*"]
    subscribe = ["tutor.*.status.*.*", "tutor.v1.front.>", "tutor.v1.news", "_INBOX.>"]
    return [*publish, "tutor.v1.news", *store], subscribe


def worker_permissions(name: str) -> tuple[list[str], list[str]]:
    """Return what a worker of this name may write and read."""
    publish = [f"tutor.v1.status.{name}.*", f"tutor.v1.front.*.{name}.*.*"]
    return publish, [f"tutor.v1.worker.{name}.>", "tutor.v1.fronts.*"]


def configuration(
    front: str,
    workers: Mapping[str, str],
    *,
    listen: str = "127.0.0.1:4222",
    store: str = "/var/lib/nats",
    certificates: str = "",
) -> str:
    """Return NATS's configuration.

    :param front: the fronts' public key
    :param workers: each worker's, by name
    :param store: a folder that NATS may write to
    :param certificates: the folder with server.pem and server.key; "" for no TLS
    """
    users = [_user("fronts", front, *front_permissions())]
    users += [_user(name, key, *worker_permissions(name)) for name, key in workers.items()]
    head = _HEAD.format(listen=listen, store=store)
    tls = _TLS.format(folder=certificates) if certificates else ""
    return f"{head}{tls}authorization {{\n  users: [\n{''.join(users)}  ]\n}}\n"


def _user(role: str, key: str, publish: list[str], subscribe: list[str]) -> str:
    def quoted(subjects: list[str]) -> str:
        return ", ".join(f'"{it}"' for it in subjects)

    return _USER.format(role=role, key=key, publish=quoted(publish), subscribe=quoted(subscribe))
