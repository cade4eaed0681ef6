"""The few statements that every completed task sends: written in Core, compiled once, run on the driver's own cursor.

Core's `execute` costs 0.02 ms (SQLite) to 0.08 ms (PostgreSQL) of Python each time, together as much as the step of the
process. A `Prepared` keeps what Core would work out again: the text and the columns' own conversions. Parameters and
values are the same as with `execute`, listeners hear the statement and errors are SQLAlchemy's. Statements that are not
sent by every command stay with `execute`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, NoReturn

import sqlalchemy as sa

Row = Mapping[str, Any]
_Conversion = Callable[[Any], Any] | None


class Prepared:
    """A statement of Core, or one for each dialect: {"sqlite": …, "postgresql": …}."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, ...], _Form] = {}  # by dialect and names of parameters, as they change the text

    def rows(self, connection: sa.Connection, parameters: Row) -> list[dict[str, Any]]:
        """Run it; give the rows that it returns, column → value."""
        form = self.form(connection, parameters)
        cursor = connection.connection.cursor()
        try:
            _execute(connection, cursor, form, parameters)
            found = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            _raise(connection, form, error)
        finally:
            cursor.close()
        return [
            {name: read(value) if read else value for (name, read), value in zip(form.columns, row, strict=True)}
            for row in found
        ]

    def form(self, connection: sa.Connection, parameters: Row) -> "_Form":
        """The text and conversions for this dialect and these parameters."""
        dialect = connection.dialect  # every one is made by session.connect, so its name says all
        key = (dialect.name, *parameters)
        form = self._forms.get(key)
        if form is None:
            statement = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
            form = self._forms[key] = _Form(statement, dialect, list(parameters))
        return form


class _Form:
    """A statement's text in one dialect, with the conversions of its parameters and columns."""

    def __init__(self, statement: Any, dialect: sa.Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        fixed = compiled.params
        self._slots: list[tuple[str, _Conversion, Any]] = []  # parameter, its conversion, its value where none is given
        by_name = {name: bind for bind, name in compiled.bind_names.items()}
        self._order = compiled.positiontup
        for name in self._order or by_name:
            write = by_name[name].type.dialect_impl(dialect).bind_processor(dialect)
            self._slots.append((name, write, fixed[name]))
        selected = getattr(statement, "exported_columns", ())
        self.columns: list[tuple[str, _Conversion]] = [
            (column.key, column.type.dialect_impl(dialect).result_processor(dialect, None)) for column in selected
        ]

    def bind(self, row: Row) -> Any:
        """The parameters as the driver takes them."""
        if self._order is not None:
            return [
                write(row.get(name, fixed)) if write else row.get(name, fixed) for name, write, fixed in self._slots
            ]
        return {
            name: write(row.get(name, fixed)) if write else row.get(name, fixed) for name, write, fixed in self._slots
        }


def send(connection: sa.Connection, writes: Iterable[tuple[Prepared, Sequence[Row]]]) -> None:
    """Run writes in their order; PostgreSQL is not waited for between them, so together they are one round trip.

    Args:
        writes: Statements with their rows; the rows of one statement have the same names.
    """
    raw: Any = connection.connection
    at_once = raw.driver_connection.pipeline() if connection.dialect.name == "postgresql" else nullcontext()
    cursor, form = raw.cursor(), None
    try:
        with at_once:
            for statement, rows in writes:
                form = statement.form(connection, rows[0])
                _execute(connection, cursor, form, *rows)
    except connection.dialect.loaded_dbapi.Error as error:
        _raise(connection, form, error)
    finally:
        cursor.close()


def _execute(connection: sa.Connection, cursor: Any, form: _Form, *rows: Row) -> None:
    many = len(rows) > 1
    try:
        bound = [form.bind(row) for row in rows] if many else form.bind(rows[0])
    except (ValueError, TypeError) as error:  # an id that is none: said as Core says it
        raise sa.exc.StatementError(str(error), form.text, {}, error, hide_parameters=True) from error
    if connection.dispatch.before_cursor_execute:
        connection.dispatch.before_cursor_execute(connection, cursor, form.text, bound, None, many)
    (cursor.executemany if many else cursor.execute)(form.text, bound)


def _raise(connection: sa.Connection, form: _Form | None, error: Exception) -> NoReturn:
    """Raise a driver's error as SQLAlchemy does, without the parameters; a connection that is lost is given up."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    raise sa.exc.DBAPIError.instance(
        form.text if form else "",
        {},
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    ) from error
