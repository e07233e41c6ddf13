from bot.platforms.discord.admission import Access, Here


def test_nothing_set_allows_everything() -> None:
    assert Access().here(1, 2) == Here()
    assert Access().here(None) == Here()


def test_servers_and_channels_are_both_held_to_and_threads_by_their_parents() -> None:
    access = Access(servers=frozenset({1}), channels=frozenset({2}), private=True)
    assert access.here(1, 2, None) == Here(private=True)
    assert access.here(1, 9, 2).allowed
    assert not access.here(1, 9, None).allowed
    assert not access.here(5, 2).allowed


def test_direct_messages_are_always_answered_and_never_called_private() -> None:
    access = Access(servers=frozenset({1}), locale="ko", private=True)
    assert access.here(None, 7) == Here(locale="ko")
