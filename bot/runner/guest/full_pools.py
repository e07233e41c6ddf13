"""Lets a run's small objects lie together. Standard library only.

A fork copies each page that it writes to. What was freed in the fork server leaves holes all over
its memory, and Python's allocator gives those out first: a run's objects would lie on as many pages
as there are holes. So they are filled. A pool holds objects of one size, and a fresh one is given
out from its beginning to its end (see obmalloc.c in CPython).
"""

_POOL = 16 << 10
_STEP, _LARGEST = 16, 512
"""Sizes differ by so many bytes; larger objects are not in pools."""
_MOST = 4 << 20
"""Bytes for each size: with another allocator, there may be no end."""


def fill_pools() -> list[bytes]:
    """Fill them; return what does so, for as long as it is kept."""
    smallest = -(-bytes(1).__sizeof__() // _STEP) * _STEP
    return [one for size in range(smallest, _LARGEST + 1, _STEP) for one in _filling(size)]


def _filling(size: int) -> list[bytes]:
    """Return new objects that take so many bytes each, up to a pool of nothing else."""
    length = size - b"".__sizeof__()
    made: list[bytes] = []
    in_a_row = last = 0
    while in_a_row < _POOL // size - 2 and len(made) * size < _MOST:
        made.append(bytes(length))
        address = id(made[-1])
        in_a_row = in_a_row + 1 if address - last == size else 0
        last = address
    return made
