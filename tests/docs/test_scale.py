"""The samples for several machines: what the guide promises of them."""

import re
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped] # it has no types of its own
import pytest
import yaml

from bot.settings import variables
from tests.docs.pages import ROOT

MANIFESTS = list(yaml.safe_load_all((ROOT / "docs/deploy/kubernetes.yaml").read_text()))
COMPOSE = yaml.safe_load((ROOT / "compose.scale.yaml").read_text())
PLAIN = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tutor"]


def pods() -> list[dict[str, Any]]:
    return [it["spec"]["template"]["spec"] for it in MANIFESTS if "template" in it["spec"]]


@pytest.mark.parametrize(
    "manifest", MANIFESTS, ids=lambda it: f"{it['kind']} {it['metadata']['name']}"
)
def test_each_manifest_is_one_that_kubernetes_takes(manifest: dict[str, Any]) -> None:
    newest = kubernetes_validate.latest_version()
    checked_with = kubernetes_validate.validate(manifest, newest, strict=True)
    assert newest.startswith(checked_with)


def test_no_pod_has_a_right_that_it_does_not_need() -> None:
    assert len(pods()) == 3
    for pod in pods():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_every_setting_that_the_samples_name_is_one() -> None:
    for name in ("compose.scale.yaml", "docs/deploy/kubernetes.yaml"):
        named = set(re.findall(r"\bTUTOR_[A-Z_]+", (ROOT / name).read_text()))
        assert named <= set(variables()), name


def test_a_worker_gets_no_secret_but_its_own_key() -> None:
    for name in ("worker-1", "worker-2"):
        service = COMPOSE["services"][name]
        assert "env_file" not in service
        assert service["networks"] == ["nats"]
        assert service["environment"]["TUTOR_WORKER_NAME"] == name
        assert service["volumes"] == [
            f"./nats/{name}.nk:/nats/key.nk:ro",
            "./nats/ca.pem:/nats/ca.pem:ro",
        ]
    assert COMPOSE["networks"]["nats"] == {"internal": True}
    worker = next(pod for pod in pods() if pod["containers"][0]["name"] == "worker")
    assert "envFrom" not in worker["containers"][0]


def test_a_doctor_looks_before_each_part_starts() -> None:
    services = COMPOSE["services"]
    first = {"condition": "service_completed_successfully"}
    for part, doctor in (
        ("worker-1", "doctor-worker-1"),
        ("worker-2", "doctor-worker-2"),
        ("front-1", "doctor"),
        ("front-2", "doctor"),
    ):
        looks = services[doctor]
        assert services[part]["depends_on"] == {doctor: first}
        assert looks["command"][0] == "doctor"
        assert looks["restart"] == "no"
        assert looks["networks"] == services[part]["networks"]
        assert looks["volumes"] == services[part]["volumes"]
        seen = dict(services[part]["environment"])
        seen.pop("TUTOR_DISCORD_SHARD_IDS", None)
        assert looks["environment"] == seen


def test_each_container_is_as_confined_as_the_one_of_a_single_machine() -> None:
    for name, service in COMPOSE["services"].items():
        for key in ("user", "read_only", "cap_drop", "security_opt"):
            assert service[key] == PLAIN[key], (name, key)
        if name != "nats":
            assert service["mem_limit"] == PLAIN["mem_limit"]
            assert service["pids_limit"] == PLAIN["pids_limit"]
