"""Statements of SQLAlchemy Core compiled once to text, and what many of them are made of."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, bindparam, func, literal_column, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

_dialect = sqlite.dialect(paramstyle="qmark")

NO_OFFSET: Final[Any] = literal_column("0")
"""Else SQLAlchemy writes one more parameter."""
GIVEN: Final[Select[Any]] = select(literal_column("value")).select_from(func.json_each(text("?")))
"""Numbers or texts that come as one JSON array."""


def sql(statement: ClauseElement) -> str:
    """Compile to SQLite's text; parameters are ``?`` in the order they are written."""
    return str(statement.compile(dialect=_dialect))


def p(name: str) -> Any:
    """Stand for a value that is given when the statement is run."""
    return bindparam("p_" + name)
