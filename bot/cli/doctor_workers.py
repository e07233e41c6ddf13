"""What `tutor doctor` says of NATS and the workers on it."""

import platform
from collections.abc import Iterator

from bot.cli.doctor_check import DoctorCheck
from bot.errors import SandboxError
from bot.settings import Settings


async def look_at_workers(settings: Settings) -> list[DoctorCheck]:
    """Look at the link to NATS, at its store, and at each worker; nothing where NATS is not set."""
    if settings.nats_url is None:
        return [DoctorCheck("workers", "ok", "TUTOR_NATS_URL is not set, so runs are made here")]
    from bot.remote import make_link  # noqa: PLC0415 - NATS's client takes half a second
    from bot.runner.remote.inspection import look, look_at_link  # noqa: PLC0415 - as above

    link = make_link(settings, name="doctor")
    try:
        if settings.worker_name is not None:  # a worker's key reads nothing of others
            said = f"answers in {await look_at_link(link, settings.worker_name) * 1000:.1f} ms"
            return [
                DoctorCheck("NATS", "ok", f"{said}; this is the worker {settings.worker_name}"),
                *_open_link(settings),
            ]
        found = await look(link, strict=settings.sandbox == "strict")
    except SandboxError as error:
        said, _, remedy = str(error).partition(". ")
        return [DoctorCheck("NATS", "failed", said, remedy)]
    checks = [
        DoctorCheck("NATS", "ok", f"{found.version}, answers in {found.round_trip * 1000:.1f} ms"),
        *_open_link(settings),
    ]
    if found.no_leases:
        checks.append(
            DoctorCheck(
                "NATS: leases",
                "warning",
                f"none ({found.no_leases}): one run a learner holds for each front by itself",
                "Switch JetStream on in NATS's configuration if there are several fronts.",
            )
        )
    else:
        checks.append(DoctorCheck("NATS: leases", "ok", "one run a learner holds over all fronts"))
    for worker in found.workers:
        status = worker.status
        said = (
            f"Python {status.python}, {status.running} of {status.capacity} runs, loop late by "
            f"{status.lag * 1000:.0f} ms, confined by {', '.join(status.layers) or 'nothing'}"
        )
        said += ", draining" if status.draining else ""
        checks.append(DoctorCheck(f"worker {worker.id}", "ok", said))
        checks += _python(worker.id, status.python)
    checks += [DoctorCheck("worker", "warning", *_parted(it)) for it in found.refused]
    if not found.workers:
        remedy = "Start `tutor worker` with the same TUTOR_NATS_URL."
        checks.append(DoctorCheck("workers", "failed", "none is there that can be used", remedy))
    return checks


def _open_link(settings: Settings) -> Iterator[DoctorCheck]:
    """Look at who could listen in, or come in."""
    from bot.runner.remote.link_troubles import is_local  # noqa: PLC0415 - slow to import

    url = settings.nats_url or ""
    if is_local(url):
        return
    if not url.startswith(("tls:", "wss:")) and settings.nats_ca is None:
        yield DoctorCheck(
            "NATS: TLS",
            "warning",
            "learners' code crosses the network in the clear",
            "Give NATS a certificate, and write tls:// in TUTOR_NATS_URL.",
        )
    if settings.nats_nkey is None:
        yield DoctorCheck(
            "NATS: key",
            "warning",
            "without a key, NATS cannot tell fronts, workers and strangers apart",
            "`tutor nats-keys` makes keys, and NATS's configuration for them.",
        )


def _python(worker: str, version: str) -> Iterator[DoctorCheck]:
    ours = platform.python_version_tuple()[:2]
    if version and tuple(version.split(".")[:2]) != ours:
        yield DoctorCheck(
            f"worker {worker}",
            "warning",
            f"runs Python {version}, and this front {platform.python_version()}: what scenarios "
            "need is looked up for the front's",
            "Run the same image on both.",
        )


def _parted(text: str) -> tuple[str, str]:
    found, _, remedy = text.partition(": ")
    return found, remedy
