"""Column types that mean the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

NEVER = datetime(
    9999, 12, 31, tzinfo=UTC
)  # sorts after every instant that happens; PostgreSQL's infinity has no datetime


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite keeps it as text that sorts ("2025-09-26 08:00:00[.123456]")."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.String(26) if dialect.name == "sqlite" else sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.isoformat(" ")[:-6] if dialect.name == "sqlite" else value  # without "+00:00"

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(f"{value}+00:00")
        instant: datetime = value.astimezone(UTC)
        return instant


class HexId(sa.types.TypeDecorator[str]):
    """32 hex digits in Python, 16 bytes in SQLite, uuid in PostgreSQL."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.LargeBinary(16) if dialect.name == "sqlite" else sa.Uuid(as_uuid=False))

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return bytes.fromhex(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")


class Money(sa.types.TypeDecorator[Decimal]):
    """Yuan with two places in Python, whole fen in the store: sums are exact in both."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        fen = value.scaleb(2)
        if fen != fen.to_integral_value():
            raise ValueError("money has two places; round it first (registers.money.fen)")
        return int(fen)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)  # PostgreSQL's sum of bigint is a numeric


# Canonical through the connection's serialiser (session.connect): the stored text is the hashed text. None is NULL.
# Not JSONB, which keeps another form of the same, a fifth larger for bodies and reads.
Json = sa.JSON(none_as_null=True)


class hex_text(sa.sql.functions.FunctionElement[str]):
    """A HexId column as the 32 hex digits that `command.stream` and `job.stream` hold."""

    type = sa.Text()
    inherit_cache = True
    name = "hex_text"


@compiles(hex_text, "sqlite")
def _hex_text_sqlite(element: hex_text, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"lower(hex({compiler.process(element.clauses, **kwargs)}))"


@compiles(hex_text, "postgresql")
def _hex_text_postgresql(element: hex_text, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"replace(CAST({compiler.process(element.clauses, **kwargs)} AS text), '-', '')"
