from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.runner.model import Limits
from bot.settings import Settings, example, load_settings, variables
from bot.settings.example import meanings
from bot.settings.model import is_secret

ROOT = Path(__file__).parents[1]
NOWHERE = Path("/nonexistent/.env")
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
"""In the shape of a bot's token, from Discord's documentation; it belongs to nobody."""


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
    told = meanings()
    assert told.keys() == Settings.model_fields.keys()
    assert all(it.endswith(".") for it in told.values())


def test_the_default_limits_are_the_runners() -> None:
    assert load_settings(NOWHERE).limits == Limits()


@pytest.mark.parametrize("limit", [it for it in Limits.model_fields if it != "line_bytes"])
def test_each_limit_can_be_set(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """But for the length of a line, which what shows lines depends on."""
    setting = {"memory_bytes": "memory_mib", "output_bytes": "output_kib"}.get(limit, limit)
    before = load_settings(NOWHERE)
    monkeypatch.setenv(f"TUTOR_{setting.upper()}", f"{getattr(before, setting) + 1:g}")
    assert getattr(load_settings(NOWHERE).limits, limit) > getattr(before.limits, limit)


def test_values_are_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        f"TUTOR_DISCORD_TOKEN='{TOKEN}'\n"
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
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.lesson_folders == (ROOT / "lessons", Path("/one"), Path("/two"))
    assert [str(network) for network in settings.web_proxies] == ["10.0.0.0/8"]
    assert settings.web_hosts == ("learn.example",)
    assert settings.limits.memory_bytes == 128 * 2**20
    assert settings.locale == "ko"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings(NOWHERE).web_port = 1  # type: ignore[misc]  # that is the point


WRONG = [
    ("TUTOR_DISCORD_TOKEN", f"Bot {TOKEN}", "without it"),
    ("TUTOR_DISCORD_TOKEN", f"Bearer {TOKEN}", "the word Bearer"),
    ("TUTOR_DISCORD_TOKEN", f'"{TOKEN}"', "with quotes. Write the value alone"),
    ("TUTOR_DISCORD_TOKEN", f"{TOKEN} # mine", "a comment behind it. Write the value alone"),
    ("TUTOR_DISCORD_TOKEN", f"DISCORD_TOKEN={TOKEN}", "its own name before it. Write the value"),
    ("TUTOR_DISCORD_TOKEN", f"{TOKEN}\u200b", "(U+200B). Write the value alone"),
    ("TUTOR_DISCORD_TOKEN", f"{TOKEN},{TOKEN}", "not the client secret"),
    ("TUTOR_DISCORD_TOKEN", "토큰", "not the client secret"),
    ("TUTOR_DISCORD_SERVER", TOKEN, "Copy Server ID"),
    ("TUTOR_DISCORD_TOKEN", TOKEN.replace(".", ". "), "as it is"),
    ("TUTOR_DISCORD_TOKEN", "198622483471925248", "Write the bot's token: copy it from"),
    ("TUTOR_DISCORD_TOKEN", "0" * 64, "Write the bot's token: copy it from"),
    ("TUTOR_DISCORD_TOKEN", "9cQ8yXk3L0aZ_fWm7RtVbN2sJ4uHgP1e", "not the client secret"),
    ("TUTOR_DISCORD_TOKEN", "abc.def.ghi", "not the client secret"),
    ("TUTOR_DISCORD_SERVER", "my server", "Copy Server ID"),
    ("TUTOR_DISCORD_SERVER", "-1", "Copy Server ID"),
    (
        "TUTOR_DISCORD_SERVER",
        "https://discord.com/channels/123456789012345678",
        "Write 123456789012345678.",
    ),
    (
        "TUTOR_DISCORD_SERVER",
        "123456789012345678,223456789012345678",
        "the servers in which the bot answers are TUTOR_DISCORD_SERVERS.",
    ),
    ("TUTOR_DISCORD_SHARDS", "many", "Write a whole number from 0 up to 10000, such as 0."),
    ("TUTOR_DISCORD_SYNC", "perhaps", "Write true or false."),
    ("TUTOR_LEARNER_REQUESTS_PER_MINUTE", "0", "from 1 up to 10000, such as 20."),
    ("TUTOR_BLOCKED_LEARNERS", "mallory", "Copy User ID"),
    ("TUTOR_BLOCKED_LEARNERS", "203.0.113.9/24", "Write 203.0.113.0/24."),
    ("TUTOR_BLOCKED_LEARNERS", "<@123456789012345678>", "Write 123456789012345678."),
    ("TUTOR_BLOCKED_LEARNERS", "jane@example.org", "Copy User ID"),
    ("TUTOR_BLOCKED_LEARNERS", "0.0.0.0/0", "Write those who are meant"),
    ("TUTOR_WEB_ENABLED", "maybe", "Write true or false."),
    ("TUTOR_WEB_HOST", "http://0.0.0.0:80", "Write TUTOR_WEB_HOST=0.0.0.0 and TUTOR_WEB_PORT=80."),
    ("TUTOR_WEB_HOST", "localhost:8080", "Write TUTOR_WEB_HOST=localhost and TUTOR_WEB_PORT=8080."),
    ("TUTOR_WEB_HOST", "all of them", "or 0.0.0.0 for all that it has."),
    ("TUTOR_WEB_HOST", "*", "or 0.0.0.0 for all that it has."),
    ("TUTOR_WEB_HOST", "256.1.1.1", "such as 127.0.0.1"),
    ("TUTOR_WEB_HOST", "127.0.0.1,::1", "such as 127.0.0.1"),
    ("TUTOR_WEB_HOST", "/run/tutor.sock", "such as 127.0.0.1"),
    ("TUTOR_WEB_HOST", "unix:/run/tutor.sock", "such as 127.0.0.1"),
    ("TUTOR_WEB_HOST", "127.0.0.1\u200b", "(U+200B). Write TUTOR_WEB_HOST=127.0.0.1."),
    ("TUTOR_WEB_PORT", "eighty", "Write a whole number from 0 up to 65535, such as 8080."),
    ("TUTOR_WEB_PORT", "70000", "too large. Write a whole number from 0 up to 65535"),
    ("TUTOR_WEB_PORT", "'8080'", "Write TUTOR_WEB_PORT=8080."),
    ("TUTOR_WEB_PORT", "9" * 5000, "Write a whole number from 0 up to 65535"),
    ("TUTOR_WEB_PORT", "80 # for all", "a comment behind it. Write TUTOR_WEB_PORT=80."),
    ("TUTOR_WEB_PORT", "TUTOR_WEB_PORT=80", "its own name before it. Write TUTOR_WEB_PORT=80."),
    ("TUTOR_WEB_PORT", "８０８０", "Write a whole number from 0 up to 65535"),
    ("TUTOR_WEB_PORT", "팔천", "Write a whole number from 0 up to 65535"),
    ("TUTOR_WEB_HOSTS", "https://learn.example/", "Write learn.example, without scheme"),
    ("TUTOR_WEB_HOSTS", "learn.example:8443", "Write learn.example, without scheme"),
    ("TUTOR_WEB_HOSTS", "a.example, https://b.example", "'https://b.example' is more than"),
    ("TUTOR_WEB_HOSTS", "*.example", "Write each name out"),
    ("TUTOR_WEB_HOSTS", "파이썬.example", "Write xn--"),
    ("TUTOR_WEB_HOSTS", "a.example b.example", "Write a.example,b.example."),
    ("TUTOR_WEB_HOSTS", "a.example; b.example", "Write TUTOR_WEB_HOSTS=a.example,b.example."),
    ("TUTOR_WEB_HOSTS", '"a.example","b.example"', "Write TUTOR_WEB_HOSTS=a.example,b.example."),
    ("TUTOR_WEB_HOSTS", '["a.example", "b.example"]', "Write TUTOR_WEB_HOSTS=a.example,b.example."),
    ("TUTOR_WEB_HOSTS", "[2001:db8::1]:8080", "Write 2001:db8::1, without scheme, port and path."),
    ("TUTOR_WEB_URL", "learn.example", "has no scheme. Write https://learn.example."),
    ("TUTOR_WEB_URL", "learn.example:8443", "has no scheme. Write https://learn.example:8443."),
    ("TUTOR_WEB_URL", "http://learn.example/a", "Write https://learn.example/a."),
    ("TUTOR_WEB_URL", "https://learn.example/a?b=c", "Write https://learn.example/a."),
    ("TUTOR_WEB_URL", "https://learn.example:8443/?b", "Write https://learn.example:8443/."),
    ("TUTOR_WEB_URL", "https://me:hunter2@learn.example", "Write https://learn.example."),
    ("TUTOR_WEB_URL", "ftp://learn.example", "Write it whole, such as https://"),
    ("TUTOR_WEB_URL", "https:/learn.example", "Write it whole, such as https://"),
    ("TUTOR_WEB_URL", "https://learn.example:99999", "Write it whole, such as https://"),
    ("TUTOR_WEB_URL", "https://learn.example/<b>", "Write it whole, such as https://"),
    ("TUTOR_WEB_ROOT", "tutor", "begins without a slash. Write /tutor."),
    ("TUTOR_WEB_ROOT", "https://learn.example/tutor/", "Write its path alone: /tutor."),
    ("TUTOR_WEB_ROOT", "https://learn.example", "without a path. Remove it"),
    ("TUTOR_WEB_ROOT", "/tutor/../other", "such as /tutor."),
    ("TUTOR_WEB_ROOT", "//learn.example//a", "such as /tutor."),
    ("TUTOR_WEB_ROOT", "/튜터", "such as /tutor."),
    ("TUTOR_WEB_ROOT", "/{name}", "such as /tutor."),
    ("TUTOR_WEB_ROOT", "/metrics", "is where probes and Prometheus ask. Write another path"),
    ("TUTOR_WEB_EMBED", "*", "such as https://moodle.example.org."),
    ("TUTOR_WEB_EMBED", "moodle.example.org", "Write https://moodle.example.org."),
    ("TUTOR_WEB_EMBED", "http://moodle.example.org", "Write https://moodle.example.org."),
    ("TUTOR_WEB_EMBED", "https://a.example, https://b.example/x", "Write https://b.example."),
    ("TUTOR_WEB_EMBED", "https://a.example;", "Write TUTOR_WEB_EMBED=https://a.example."),
    ("TUTOR_WEB_EMBED", "'https://a.example'", "Write TUTOR_WEB_EMBED=https://a.example."),
    ("TUTOR_WEB_EMBED", "'self'", "such as https://moodle.example.org."),
    ("TUTOR_WEB_DOCUMENTS", "~/documents", "Write /"),
    ("TUTOR_OPERATOR", "x" * 501, "is too long. Write at most 500 characters."),
    ("TUTOR_FEEDBACK_URL", "example.org", "has no scheme. Write https://example.org."),
    ("TUTOR_FEEDBACK_URL", "mailto:jane@example.org", "Write it whole, such as https://"),
    ("TUTOR_FEEDBACK_URL", "https://?", "Write it whole, such as https://"),
    ("TUTOR_DISCORD_SERVERS", "1234", "Copy Server ID"),
    ("TUTOR_DISCORD_CHANNELS", "#general", "Copy Channel ID"),
    ("TUTOR_DISCORD_CHANNELS", "<#123456789012345678>", "Write 123456789012345678."),
    ("TUTOR_DISCORD_LOCALE", "korean", "Write ko or en."),
    ("TUTOR_DISCORD_PRIVATE", "always", "Write true or false."),
    ("TUTOR_OWN_CODE", "public", "Write off, private or on."),
    ("TUTOR_WEB_PROXIES", "10.0.0.0/8,there", "its entry 'there' is no network. Write"),
    ("TUTOR_WEB_PROXIES", "172.18.0.2/16", "Write 172.18.0.0/16."),
    ("TUTOR_WEB_PROXIES", "nginx", "Write an address or a network"),
    ("TUTOR_WEB_PROXIES", "10.0.0.1:80", "Write an address or a network"),
    ("TUTOR_WEB_PROXIES", "10.0.0.0-10.0.0.9", "Write an address or a network"),
    (
        "TUTOR_WEB_PROXIES",
        "10.0.0.0/8;172.16.0.0/12",
        "Write TUTOR_WEB_PROXIES=10.0.0.0/8,172.16.0.0/12.",
    ),
    ("TUTOR_WEB_PROXIES", "*", "Write an address or a network"),
    ("TUTOR_LOCALE", "fr", "Write ko or en."),
    ("TUTOR_LESSONS", "~/lessons", "Write /"),
    ("TUTOR_EXTRA_LESSONS", "/a,~/b", "Write /"),
    ("TUTOR_SANDBOX", "lax", "Write strict or best-effort."),
    ("TUTOR_SANDBOX", "Strict", "Did you mean TUTOR_SANDBOX=strict?"),
    ("TUTOR_SANDBOX_CGROUP", "~/tutor", "Write /"),
    ("TUTOR_DISCORD_SHARD_IDS", "3-1", "such as 0-3 or 0,2,5."),
    ("TUTOR_DISCORD_SHARD_IDS", "all", "such as 0-3 or 0,2,5."),
    ("TUTOR_NATS_URL", "localhost:4222", "Write it as nats://127.0.0.1:4222"),
    ("TUTOR_NATS_URL", "nats://there:99999", "Write it as nats://127.0.0.1:4222"),
    ("TUTOR_NATS_URL", "nats://me:hunter2@there", "A key goes into TUTOR_NATS_NKEY."),
    ("TUTOR_NATS_NKEY", "U" + "A" * 55, "Write the seed, which begins with SU."),
    ("TUTOR_NATS_NKEY", "hunter2", "Write what `tutor nats-keys` made."),
    ("TUTOR_NATS_CA", "~/ca.pem", "Write /"),
    ("TUTOR_WORKER_NAME", "worker.1", "such as worker-1."),
    ("TUTOR_WALL_SECONDS", "0", "Write a number of seconds from 0.1 up to 600, such as 15."),
    ("TUTOR_WALL_SECONDS", "nan", "Write a number of seconds from 0.1 up to 600"),
    ("TUTOR_WALL_SECONDS", "inf", "Write a number of seconds from 0.1 up to 600"),
    ("TUTOR_WALL_SECONDS", "15s", "is no number. Write"),
    ("TUTOR_CPU_SECONDS", "2.5", "Write a whole number of seconds above 0 up to 600"),
    ("TUTOR_MEMORY_MIB", "1g", "is no whole number. Write a whole number of MiB from 64"),
    ("TUTOR_RUNS_AT_ONCE", "0", "too small. Write a whole number from 1"),
    ("TUTOR_RECYCLE_AFTER", "0", "Write a whole number from 1, such as 1000."),
    ("TUTOR_SHUTDOWN_SECONDS", "-1", "Write a number of seconds from 0 up to 600, such as 20."),
    ("TUTOR_LOG_LEVEL", "warn", "Did you mean TUTOR_LOG_LEVEL=warning?"),
    ("TUTOR_LOG_LEVEL", "loud", "Write debug, info, warning or error."),
    ("TUTOR_LOG_FORMAT", "xml", "Write console or json."),
]
"""What people write, and a part of the sentence that says what to write instead."""

PYDANTICS = ("Input should", "valid", "greater than", "less than", "unable to parse", "Value error")


@pytest.mark.parametrize(("variable", "value", "remedy"), WRONG, ids=lambda it: it[:40])
def test_a_value_that_cannot_be_used_gets_a_sentence_that_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} ")
    assert remedy in sentence
    assert "\n" not in sentence
    assert len(sentence) < 320
    assert not [phrase for phrase in PYDANTICS if phrase in sentence]
    assert value not in sentence or "TOKEN" not in variable, "a secret is never shown"
    assert TOKEN not in sentence
    assert "hunter2" not in sentence


@given(st.sampled_from(sorted(variables())), st.text(min_size=1, max_size=80))
def test_whatever_is_written_is_read_or_told_in_our_own_words(variable: str, value: str) -> None:
    assume("\0" not in value and value.isprintable() and "_FILE" not in variable)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, value)
        told = ""
        try:
            load_settings(NOWHERE)
        except SettingsError as error:
            told = str(error)
    assert told == "" or told.startswith(f"{variable} ")
    assert not [phrase for phrase in PYDANTICS if phrase in told.replace(value, "")]


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        (
            "TUTOR_WEB_HOSTS",
            "Learn.Example., ::1,[2001:DB8::1]",
            ("learn.example", "::1", "2001:db8::1"),
        ),
        ("TUTOR_WEB_URL", "https://Learn.Example/", "https://Learn.Example"),
        ("TUTOR_WEB_ROOT", "/courses/tutor/", "/courses/tutor"),
        ("TUTOR_WEB_ROOT", "/", ""),
        (
            "TUTOR_WEB_EMBED",
            "https://Moodle.Example.org/,https://*.school.example:8443,http://localhost:8000",
            (
                "https://moodle.example.org",
                "https://*.school.example:8443",
                "http://localhost:8000",
            ),
        ),
        ("TUTOR_WEB_HOST", "[::1]", "::1"),
        ("TUTOR_WEB_HOST", "localhost", "localhost"),
        ("TUTOR_WEB_PROXIES", "10.1.2.3", (ip_network("10.1.2.3/32"),)),
        (
            "TUTOR_BLOCKED_LEARNERS",
            "123456789012345678, 2001:db8::/32",
            (123456789012345678, ip_network("2001:db8::/32")),
        ),
    ],
)
def test_other_spellings_are_understood(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, read: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(load_settings(NOWHERE), variables()[variable]) == read


@pytest.mark.parametrize(
    ("url", "root", "told"),
    [
        ("https://learn.example/tutor", "/tutor", ""),
        ("https://learn.example", "", ""),
        ("https://learn.example/tutor", "", "Write TUTOR_WEB_ROOT=/tutor as well."),
        ("https://learn.example:8443", "/tutor", "TUTOR_WEB_URL=https://learn.example:8443/tutor."),
        ("https://learn.example/a", "/tutor", "Write TUTOR_WEB_URL=https://learn.example/tutor."),
    ],
)
@pytest.mark.parametrize("served", [True, False])
def test_links_lead_to_where_the_playground_is(
    monkeypatch: pytest.MonkeyPatch, url: str, root: str, told: str, *, served: bool
) -> None:
    monkeypatch.setenv("TUTOR_WEB_URL", url)
    monkeypatch.setenv("TUTOR_WEB_ROOT", root)
    monkeypatch.setenv("TUTOR_WEB_ENABLED", str(served).lower())
    if not told or not served:  # another process may serve it, elsewhere
        assert load_settings(NOWHERE).web_url == url
        return
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert told in str(caught.value)


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN_FILE", str(secret))
    token = load_settings(NOWHERE).discord_token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_every_secret_may_lie_in_a_file() -> None:
    secrets = {name for name, field in Settings.model_fields.items() if is_secret(field)}
    assert secrets
    assert {f"TUTOR_{name.upper()}_FILE" for name in secrets} <= variables().keys()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no such file. Write the path"),
        (b"", "it is empty. Write the path"),
        (b"\n \n", "it is empty. Write the path"),
        (b"\xff\xfe", "no UTF-8 text. Write the path"),
        (b"hunter2", "not the client secret"),
        (b"hunter2\n" * 2, "it has more than one line. Write the path"),
        (b"hunter2" * 10_000, "it is larger than any secret. Write the path"),
        (f"'{TOKEN}'".encode(), "is written with quotes. Write the value alone."),
        (f"TUTOR_DISCORD_TOKEN={TOKEN}".encode(), "its own name before it. Write the value alone."),
    ],
)
def test_a_secrets_file_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, told: str
) -> None:
    secret = tmp_path / "token"
    if content is not None:
        secret.write_bytes(content)
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN_FILE", str(secret))
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert told in str(caught.value)
    assert "TUTOR_DISCORD_TOKEN_FILE" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("content", [f"{TOKEN}\r\n".encode(), f"\ufeff{TOKEN}\n".encode()])
def test_a_secrets_file_from_windows_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "token").write_bytes(content)
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings(NOWHERE).discord_token
    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "cannot be read (Is a directory). Write the path"),
        ("~/token", "only shells know ~. Write /"),
        (f"'{__file__}'", f"with quotes. Write TUTOR_DISCORD_TOKEN_FILE={__file__}."),
        (TOKEN, "holds the secret itself, as it seems. Write TUTOR_DISCORD_TOKEN=…"),
        ("x" * 5_000, "cannot be read (File name too long). Write the path"),
    ],
)
def test_a_path_that_cannot_be_a_secrets_is_told(
    monkeypatch: pytest.MonkeyPatch, path: str, told: str
) -> None:
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN_FILE", path)
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert told in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_blanks_around_a_value_are_not_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DISCORD_TOKEN", TOKEN), ("WEB_HOSTS", "a.example"), ("LESSONS", "/a")):
        monkeypatch.setenv(f"TUTOR_{name}", f" {value} \r")
    monkeypatch.setenv("TUTOR_WEB_HOST", " ")
    settings = load_settings(NOWHERE)
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == TOKEN
    assert (settings.web_hosts, settings.lessons) == (("a.example",), Path("/a"))
    assert settings.web_host is None


def test_browsers_may_call_under_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_WEB_HOSTS", "a.example")
    monkeypatch.setenv("TUTOR_WEB_URL", "https://Learn.Example:8443")
    assert load_settings(NOWHERE).web_names == ("a.example", "learn.example")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (
            "TUTOR_DISCORD_SHARDS=2",
            "TUTOR_DISCORD_SHARD_IDS=0-3",
            "such as TUTOR_DISCORD_SHARDS=4;",
        ),
        ("TUTOR_DISCORD_SHARDS=0", "TUTOR_DISCORD_SHARD_IDS=0", "such as TUTOR_DISCORD_SHARDS=1;"),
        (
            "TUTOR_DISCORD_SERVER=123456789012345678",
            "TUTOR_DISCORD_SERVERS=223456789012345678",
            "Write it there, too, or remove one of them.",
        ),
    ],
)
def test_what_does_not_go_together_is_told(
    monkeypatch: pytest.MonkeyPatch, first: str, second: str, told: str
) -> None:
    for setting in (first, second):
        monkeypatch.setenv(*setting.split("=", 1))
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert told in str(caught.value)


def test_a_secret_given_twice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match="are both set"):
        load_settings(NOWHERE)


@pytest.mark.parametrize("container", [False, True])
def test_every_line_of_the_example_can_be_uncommented_also_in_the_container(
    monkeypatch: pytest.MonkeyPatch, *, container: bool
) -> None:
    monkeypatch.setenv("TUTOR_IN_CONTAINER", str(container).lower())
    before = load_settings(NOWHERE)
    assert before.web_address == ("0.0.0.0" if container else "127.0.0.1")
    for line in example().splitlines():
        if "=" in line:  # as docker hands it on: an empty value is in the environment
            name, _, value = line.removeprefix("#").partition("=")
            monkeypatch.setenv(name, value)
    assert load_settings(NOWHERE) == before
    assert load_settings(NOWHERE).web_address == before.web_address


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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TUTOR_WEB_PROT", "TUTOR_WEB_PORT"),
        ("TUTOR_DISCORD_TOKN", "TUTOR_DISCORD_TOKEN"),
        ("TUTOR_PORT", "TUTOR_WEB_PORT"),
        ("TUTOR_TOKEN", "TUTOR_DISCORD_TOKEN"),
        ("TUTOR_WEB_TRUSTED_PROXIES", "TUTOR_WEB_PROXIES"),
        ("TUTOR_WEB_PORT_FILE", "TUTOR_WEB_PORT"),
        ("TUTOR_웹_포트", ""),
        ("TUTOR_", ""),
    ],
)
def test_the_setting_that_was_meant_is_named(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    monkeypatch.setenv(written, "1")
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    remedy = f"Did you mean {meant}?" if meant else "Remove it; `tutor settings` shows all."
    assert str(caught.value) == f"{written} is no setting. {remedy}"


@pytest.mark.parametrize("content", [b"TUTOR_LOCALE=\xff\xfe", "TUTOR_LOCALE=ko".encode("utf-16")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"\.env: the settings file cannot be read: it is not"):
        load_settings(file)
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"TUTOR_DISCORD_TOKEN: {TOKEN}", "line 2 is no setting. Write NAME=value"),
        (f"TUTOR_DISCORD_TOKEN='{TOKEN}", "line 2 is no setting. Write NAME=value"),
        ("set the port to 80", "line 2 is no setting. Write NAME=value"),
        ("TUTOR_WEB_PORT", "line 2 names TUTOR_WEB_PORT without a value. Write TUTOR_WEB_PORT="),
    ],
)
def test_a_line_that_sets_nothing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str, told: str
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"TUTOR_LOCALE=ko\n{line}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert told in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert not caplog.records, "nobody else complains of it"


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfTUTOR_WEB_PORT=1234\r\nTUTOR_LOCALE=ko\r\n")
    assert (load_settings(file).web_port, load_settings(file).locale) == (1234, "ko")


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("TUTOR_SANDBOX", "lax")
    with pytest.raises(SettingsError) as caught:
        load_settings(NOWHERE)
    assert TOKEN not in str(caught.value)
    monkeypatch.delenv("TUTOR_SANDBOX")
    assert TOKEN not in repr(load_settings(NOWHERE))


def test_variables_are_named_after_fields() -> None:
    assert variables()["TUTOR_DISCORD_TOKEN"] == "discord_token"
