"""What a host enforces is told layer by layer, and what it lacks comes with a remedy."""

from pathlib import Path

import pytest

from bot.runner.confinement import confine, host_features, landlock, seccomp
from bot.runner.host.local import LocalRunner


async def test_on_this_host_every_required_layer_is_enforced() -> None:
    runner = LocalRunner()
    await runner.start()
    layers = {layer.name: layer for layer in runner.layers}
    await runner.close()
    required = {name for name, layer in layers.items() if layer.required}
    assert required == {
        confine.NO_NEW_PRIVILEGES,
        confine.FILES,
        confine.SYSCALLS,
        confine.THREADS,
        confine.RESOURCES,
    }
    assert {layers[name].status for name in required} == {"enforced"}
    assert {"landlock-scopes", "user-and-pid-namespaces", "cgroup-v2"} <= set(layers)
    assert all(layer.why for layer in layers.values())


def test_a_host_without_landlock_and_seccomp_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_landlock() -> None:
        raise landlock.LandlockMissingError("the kernel has none")

    def no_seccomp() -> None:
        raise seccomp.SeccompMissingError("no filter for this machine")

    monkeypatch.setattr(landlock, "library", no_landlock)
    monkeypatch.setattr(seccomp, "machine", no_seccomp)
    confinement = confine.everything([Path("/usr/lib")])
    assert (confinement.rulesets, confinement.server_filters) == ((), ())
    found = confine.layers(confinement, {})
    lacking = {layer.name: layer for layer in confine.missing(found)}
    assert set(lacking) == {confine.FILES, confine.SYSCALLS, confine.THREADS}
    assert "x86_64 or aarch64" in lacking[confine.SYSCALLS].remedy
    message = str(confine.refusal(list(lacking.values())))
    assert all(layer.remedy in message for layer in lacking.values())


def test_what_the_kernel_refuses_is_missing_with_its_reason() -> None:
    confinement = confine.Confinement()
    found = confine.layers(confinement, {confine.THREADS: "Device or resource busy", "x": ""})
    (lacking,) = confine.missing(found)
    assert (lacking.name, lacking.why) == (confine.THREADS, "Device or resource busy")


def test_host_features_are_never_required() -> None:
    assert [layer.name for layer in host_features.host_features() if layer.required] == []


def test_a_ruleset_grants_the_library_without_what_is_installed_in_it(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "json").mkdir()
    (tmp_path / "os.py").write_text("")
    (tmp_path / "dangling").symlink_to("/nonexistent")
    confinement = confine.everything([tmp_path, tmp_path / "missing.zip"])
    assert len(confinement.rulesets) == 2
    confinement.close()
