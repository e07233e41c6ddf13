from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.runner.model import Limits
from bot.settings import Settings, example, load_settings, variables

ROOT = Path(__file__).parents[1]
NOWHERE = Path("/nonexistent/.env")


def test_the_example_file_is_that_of_the_settings() -> None:
    assert (ROOT / ".env.example").read_text() == example(), "run: tutor settings > .env.example"


def test_the_example_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text(example())
    assert load_settings(file) == load_settings(NOWHERE)
    file.write_text(
        "\n".join(line.removeprefix("#") for line in example().splitlines() if "=" in line)
    )
    assert load_settings(file) == load_settings(NOWHERE), "every default can be written out"
    monkeypatch.setenv("TUTOR_WEB_PORT", "1234")
    assert load_settings(file).web_port == 1234, "the environment goes first"


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_default_limits_are_the_runners() -> None:
    assert load_settings(NOWHERE).limits == Limits()


def test_values_are_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "TUTOR_DISCORD_TOKEN='a.b.c'\n"
        "TUTOR_EXTRA_LESSONS=/one, /two\n"
        "TUTOR_WEB_PROXIES=10.0.0.0/8\n"
        "TUTOR_WEB_HOSTS=learn.example,\n"
        "TUTOR_MEMORY_MIB=128\n"
        "TUTOR_LOCALE=ko\n"
        "TUTOR_LESSONS=\n"
        "SOMETHING_ELSE=1\n"
    )
    settings = load_settings(file)
    assert settings.discord_token
    assert settings.discord_token.get_secret_value() == "a.b.c"
    assert settings.lesson_folders == (ROOT / "lessons", Path("/one"), Path("/two"))
    assert [str(network) for network in settings.proxies] == ["10.0.0.0/8"]
    assert settings.web_hosts == ("learn.example",)
    assert settings.limits.memory_bytes == 128 * 2**20
    assert settings.locale == "ko"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings(NOWHERE).web_port = 1  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("variable", "value", "accepted"),
    [
        ("TUTOR_SANDBOX", "lax", "'strict' or 'best-effort'"),
        ("TUTOR_WEB_PORT", "eighty", "integer"),
        ("TUTOR_WEB_PORT", "70000", "65535"),
        ("TUTOR_WALL_SECONDS", "0", "greater than 0"),
        ("TUTOR_WALL_SECONDS", "nan", ""),
        ("TUTOR_RUNS_AT_ONCE", "0", "greater than or equal to 1"),
        ("TUTOR_LOCALE", "fr", "'ko' or 'en'"),
        ("TUTOR_WEB_PROXIES", "10.0.0.0/8,there", "network"),
        ("TUTOR_WEB_ENABLED", "maybe", "boolean"),
        ("TUTOR_DISCORD_SERVER", "my server", "integer"),
        ("TUTOR_LOG_LEVEL", "loud", "'debug'"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, accepted: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} is '{value}'")
    assert accepted in sentence
    assert "\n" not in sentence


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_SANDBOX", "x" * 500)
    monkeypatch.setenv("TUTOR_WEB_PORT", "y")
    monkeypatch.setenv("TUTOR_WEBPORT", "80")
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    told = str(caught.value).splitlines()
    assert told[0] == "TUTOR_WEBPORT is no setting. Did you mean TUTOR_WEB_PORT?"
    assert len(told) == 3
    assert all(len(line) < 200 for line in told)


def test_a_misspelt_setting_is_not_silently_without_effect(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TUTOR_SANBOX=strict\n")
    with pytest.raises(SettingsError, match="Did you mean TUTOR_SANDBOX"):
        load_settings(file)


@pytest.mark.parametrize("content", [b"TUTOR_LOCALE=\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / ".env"
    if content is None:
        return
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"\.env: the settings file cannot be read"):
        load_settings(file)


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("TUTOR_SANDBOX", "lax")
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert "very-secret" not in str(caught.value)
    monkeypatch.delenv("TUTOR_SANDBOX")
    assert "very-secret" not in repr(load_settings(NOWHERE))


def test_variables_are_named_after_fields() -> None:
    assert variables()["TUTOR_DISCORD_TOKEN"] == "discord_token"
