"""A Merkle tree's root (RFC 6962, section 2.1): one hash that stands for many leaves in their order."""

from collections.abc import Iterable
from hashlib import sha256


def root(leaves: Iterable[bytes]) -> bytes:
    """The 32 bytes of the tree's root; leaves and inner nodes are hashed with different first bytes."""
    level = [sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return sha256().digest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]  # an odd last node goes up as it is
    return level[0]
