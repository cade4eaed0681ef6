"""The key pair of the seals: the private half beside the database, the public half in the folder of the seals.

A second private key is never made while the public half of a first one lies there: it would call every seal forged.
"""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import SealKeyLost
from engine.settings import Settings
from engine.signing_key import kept

PRIVATE, PUBLIC = "seal.key", "public.pem"


def sealing_key(settings: Settings) -> Ed25519PrivateKey:
    """The installation's key; made with its public half on first use.

    Raises:
        SealKeyLost: Earlier seals were made with another.
    """
    private, public = settings.var / PRIVATE, settings.seal_folder / PUBLIC
    if public.exists() and not private.exists():
        raise SealKeyLost(folder=str(settings.seal_folder))
    key = _read(kept(private, _make))
    public.parent.mkdir(parents=True, exist_ok=True)
    ours = _pem(key.public_key())
    if not public.exists():
        public.write_bytes(ours)
    elif public.read_bytes() != ours:
        raise SealKeyLost(folder=str(settings.seal_folder))
    return key


def known_keys(settings: Settings) -> tuple[Ed25519PublicKey | None, bool]:
    """The public key, from the private half where that is here; and whether both halves fit. Makes nothing."""
    private, public = settings.var / PRIVATE, settings.seal_folder / PUBLIC
    told = _public(public)
    if not private.exists():
        return told, told is not None
    try:
        own = _read(private.read_text(encoding="ascii")).public_key()
    except ValueError:
        return told, False
    return own, told == own


def _public(path: Path) -> Ed25519PublicKey | None:
    try:
        found = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, Ed25519PublicKey) else None


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _make() -> str:
    key = Ed25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode("ascii")


def _read(pem: str) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem.encode("ascii"), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key
