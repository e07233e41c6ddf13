import pytest

from bot.platforms.discord.trace import route_of


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v10/webhooks/123/aW50-secret/messages/@original", "{id}/{token}/messages/@original"),
        ("/api/v10/interactions/123/aW50.secret/callback", "{id}/{token}/callback"),
        (
            "/api/v10/applications/123/guilds/456/commands",
            "/applications/{id}/guilds/{id}/commands",
        ),
    ],
)
def test_a_route_holds_neither_ids_nor_tokens(path: str, route: str) -> None:
    assert route_of("GET", path).endswith(route)
    assert "secret" not in route_of("GET", path)
    assert "123" not in route_of("GET", path)
