"""Photographs for the demo: a tiled floor with the tile in question, as PNG (ISO/IEC 15948), drawn in a few lines."""

import hashlib
import struct
import zlib
from pathlib import Path
from random import Random
from typing import Any

WIDTH, HEIGHT, TILE, JOINT = 240, 180, 30, 2
NAMES = ("现场照片.png", "地砖.png", "墙面.png", "细部.png", "处理前.png", "处理后.png")


def picture(rng: Random) -> bytes:
    """A floor of tiles, one of them darker."""
    base = [rng.randint(150, 220) for _ in range(3)]
    column, row = rng.randrange(WIDTH // TILE), rng.randrange(HEIGHT // TILE)
    joint, plain = bytes([120, 118, 115]), bytes(base)
    dark = bytes(value * 2 // 3 for value in base)
    lines = []
    for y in range(HEIGHT):
        if y % TILE < JOINT:
            lines.append(b"\0" + joint * WIDTH)
            continue
        tiles = [joint * JOINT + (dark if (x, y // TILE) == (column, row) else plain) * (TILE - JOINT)
                 for x in range(WIDTH // TILE)]  # fmt: skip
        lines.append(b"\0" + b"".join(tiles))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def shelve(folder: Path, number: int, rng: Random) -> list[dict[str, Any]]:
    """Put pictures where uploads lie (folder/ab/abcd…); gives {digest, name, size, type} of each."""
    files = []
    for index in range(number):
        content = picture(rng)
        digest = hashlib.sha256(content).hexdigest()
        path = folder / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        name = NAMES[index % len(NAMES)]
        files.append({"digest": digest, "name": name, "size": len(content), "type": "image/png"})
    return files
