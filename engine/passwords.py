"""Passwords as argon2id hashes."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidCommand

SHORTEST = 10
_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """The hash of a password that nobody has; made on the first log-in, as it takes as long as one."""
    return _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """The hash that is stored.

    Raises:
        InvalidCommand: The password is shorter than ten characters.
    """
    if len(password) < SHORTEST:
        raise InvalidCommand(field="password")
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is right; takes as long where there is nobody, so that names can't be guessed by the clock."""
    try:
        return _HASHER.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
