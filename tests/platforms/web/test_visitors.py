"""Who asks, as far as a request can be believed."""

from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.guard import authority, host_is_allowed, origin_is_ours
from bot.platforms.web.visitors import locale, visitor

PROXIES = (ip_network("10.0.0.0/8"),)


class Peer:
    """Just enough of a transport to have an address."""

    def __init__(self, host: str) -> None:
        self._host = host

    def get_extra_info(self, name: str) -> object:
        return (self._host, 1) if name == "peername" else None


def asked(headers: dict[str, str], peer: str = "10.0.0.9", path: str = "/"):  # type: ignore[no-untyped-def] # noqa: ANN201 - aiohttp's helper is typed loosely
    return make_mocked_request("GET", path, headers=headers, transport=Peer(peer))


@pytest.mark.parametrize(
    ("peer", "forwarded", "wanted"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # not a proxy of ours: not believed
        ("10.0.0.9", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.9", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the left one is made up
        ("10.0.0.9", "198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.9", "nonsense", "10.0.0.9"),
        ("10.0.0.9", "", "10.0.0.9"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
    ],
)
def test_the_address_that_limits_count_by(peer: str, forwarded: str, wanted: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert visitor(asked(headers, peer), PROXIES).address == wanted


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert visitor(asked({"X-Forwarded-For": "1.1.1.1"}, "127.0.0.1"), ()).address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "cookie", "accepted", "wanted"),
    [
        ("/?lang=ko", "language=en", "en", "ko"),
        ("/", "language=ko", "en", "ko"),
        ("/", "", "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("/", "", "de, en;q=0.2, ko;q=0.7", "ko"),
        ("/", "", "fr", "en"),
        ("/?lang=xx", "language=<script>", "ko;q=x", "en"),
        ("/", "", "ko;q=0", "en"),
    ],
)
def test_the_language(path: str, cookie: str, accepted: str, wanted: str) -> None:
    assert locale(asked({"Cookie": cookie, "Accept-Language": accepted}, path=path)) == wanted


@given(
    st.text(alphabet=st.characters(codec="latin-1", exclude_characters="\r\n\x00"), max_size=200)
)
def test_any_header_gives_some_visitor(text: str) -> None:
    headers = {"Cookie": text, "Accept-Language": text, "X-Forwarded-For": text, "Host": text}
    request = asked(headers)
    assert visitor(request, PROXIES).locale in {"ko", "en"}
    host_is_allowed(request, {"localhost"})
    origin_is_ours(request)


def test_a_learner_without_a_cookie_is_known_by_address() -> None:
    first = visitor(asked({}, "203.0.113.5"), ())
    assert first.learner == "web:203.0.113.5"
    again = visitor(asked({"Cookie": f"learner={first.cookie}"}, "203.0.113.5"), ())
    assert again.known
    assert again.learner == f"web:{first.cookie}"
    forged = visitor(asked({"Cookie": "learner=discord:1234"}, "203.0.113.5"), ())
    assert forged.learner == "web:203.0.113.5"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("localhost:8080", ("localhost", "8080")),
        ("LOCALHOST", ("localhost", "")),
        ("[::1]:8080", ("::1", "8080")),
        ("[::1]", ("::1", "")),
        ("tutor.example.org.", ("tutor.example.org", "")),
        ("[nonsense]", ("", "")),
        ("[::1]x", ("", "")),
        ("localhost:80:80", ("", "")),
        ("localhost:x", ("", "")),
        ("", ("", "")),
    ],
)
def test_hosts_are_read_strictly(header: str, wanted: tuple[str, str]) -> None:
    assert authority(header) == wanted
