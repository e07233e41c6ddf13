"""Reverse proxies in front of us: which are trusted, and that one is not."""

from collections.abc import Sequence
from ipaddress import ip_network

import structlog
from aiohttp import web

from bot.observe.metrics import Metrics
from bot.platforms.web.guard import is_forwarded
from bot.platforms.web.visitors import Network, within

_INSIDE = tuple(
    ip_network(each)
    for each in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Networks of one machine or one site: RFC 1122, 1918, 3927, 6598, 4193 and 4291."""


class Proxies:
    """The trusted ones, and an eye on the others.

    Behind a proxy that is not trusted all visitors come from one address, and so share one
    visitor's limits: an operator must hear of it.

    :param trusted: networks whose `X-Forwarded-For` is believed
    """

    def __init__(self, trusted: Sequence[Network], metrics: Metrics) -> None:
        self.trusted = tuple(trusted)
        self._metrics = metrics
        self._told = False
        self._log = structlog.get_logger(__name__)

    def look(self, request: web.BaseRequest) -> None:
        """Tell once where a request came through a proxy that is not trusted.

        Anybody can add such headers; from a public address they are not believed, and
        is no proxy on this machine or in its network.
        """
        remote = request.remote or ""
        if self._told or not is_forwarded(request) or within(remote, self.trusted):
            return
        if not within(remote, _INSIDE):
            return
        self._told = True
        self._metrics.web_untrusted_proxy()
        self._log.warning(
            "proxy not trusted",
            proxy=remote,
            remedy=f"If this is your reverse proxy, set TUTOR_WEB_PROXIES={remote} (or its "
            "network) and start again: until then all visitors share one visitor's limits.",
        )
