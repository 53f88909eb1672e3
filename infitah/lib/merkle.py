"""Hash trees as in RFC 6962 (section 2.1), over SHA-256: a root for many leaves, and a short proof for each.

Digests are bytes of length 32. Leaves are hashed with a zero byte in front, pairs with a one, so that neither passes
for the other.
"""

from hashlib import sha256


def leaf(text: bytes) -> bytes:
    """The digest of a leaf."""
    return sha256(b"\x00" + text).digest()


def pair(before: bytes, after: bytes) -> bytes:
    """The digest of two neighbours."""
    return sha256(b"\x01" + before + after).digest()


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The digests level by level, from the leaves up; a last one without a neighbour rises as it is."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [pair(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(above) * 2 :])
    return levels


def root(leaves: list[bytes]) -> bytes:
    """The root over the digests of the leaves, in order; of no leaves, the digest of nothing."""
    return _levels(leaves)[-1][0] if leaves else sha256().digest()


def path(leaves: list[bytes], position: int) -> list[bytes]:
    """The neighbours that lead from the leaf at `position` (from 0) up to the root."""
    neighbours = []
    for level in _levels(leaves)[:-1]:
        beside = position ^ 1
        if beside < len(level):
            neighbours.append(level[beside])
        position //= 2
    return neighbours


def climb(digest: bytes, position: int, size: int, neighbours: list[bytes]) -> bytes | None:
    """The root that a leaf's digest reaches along its path, in a tree of `size` leaves; None where the path does not
    fit the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return None
    left, last = list(neighbours), size - 1
    while last:
        if position % 2 or position < last:
            if not left:
                return None
            beside = left.pop(0)
            digest = pair(beside, digest) if position % 2 else pair(digest, beside)
        position, last = position // 2, last // 2
    return None if left else digest
