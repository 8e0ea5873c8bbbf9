"""Checks the rights that the program needs in a database; a sentence names each missing one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Table

from desktop.engine.postgres.connection import Connection
from desktop.engine.postgres.schema import SCHEMA, statements
from desktop.engine.store.errors import StoreError

_THEN: Final = "then grant this user the rights that docs/deployment.md lists."
NO_SCHEMA: Final = (
    f"The database user {{}} may not create the schema {SCHEMA}. Run `sendoff migrate --database"
    f" URL` as a user who may, {_THEN}"
)
NO_TABLES: Final = (
    f"The database user {{}} may not create tables in the schema {SCHEMA}. Run `sendoff migrate"
    f" --database URL` as its owner, {{}}, {_THEN}"
)
LACKS: Final = (
    "The database user {user} lacks {rights} on {what}. As {owner}: `GRANT {grant} TO {user};`."
)
_ALL: Final = {
    "tables": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "sequences": ("SELECT", "USAGE"),
}
_NAMED: Final = 3
"""The most tables that a sentence names."""
_OURS: Final = """
WITH ours AS (SELECT oid, relname::text, relowner FROM pg_class WHERE relkind = 'r'
    AND relnamespace = to_regnamespace(%(schema)s) AND relname = ANY(%(tables)s::text[]))
"""
_USER: Final = """
SELECT quote_ident(current_user),
    quote_ident(pg_get_userbyid(coalesce(relowner, nspowner))),
    has_database_privilege(current_database(), 'CREATE'), nspname IS NOT NULL, relname IS NOT NULL,
    coalesce(has_schema_privilege(nspname, 'USAGE'), false),
    coalesce(has_schema_privilege(nspname, 'CREATE'), false)
FROM (SELECT 1) AS one LEFT JOIN pg_namespace ON nspname = %(schema)s
    LEFT JOIN ours ON relname = 'version'
"""
_LACKING: Final = """
SELECT 'tables', wanted, array_agg(relname ORDER BY relname)
FROM ours, unnest(%(of_tables)s::text[]) AS wanted
WHERE NOT has_table_privilege(oid, wanted) GROUP BY wanted
UNION ALL
SELECT 'sequences', wanted, array_agg(numbers.relname::text ORDER BY numbers.relname)
FROM ours JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = ours.oid
    JOIN pg_class AS numbers ON classid = 'pg_class'::regclass AND objid = numbers.oid,
    unnest(%(of_sequences)s::text[]) AS wanted
WHERE relkind = 'S' AND NOT has_sequence_privilege(numbers.oid, wanted) GROUP BY wanted
"""


class Rights(NamedTuple):
    """What the user of a session may do, and what the database has."""

    user: str
    owner: str | None
    """The owner of the tables, or of the schema if it has no tables yet."""
    may_create_schema: bool
    has_schema: bool
    has_tables: bool
    may_use: bool
    may_create_tables: bool

    def check_making(self) -> None:
        """Raise ``StoreError`` if the user may not create tables."""
        if not self.has_schema:
            if not self.may_create_schema:
                raise StoreError(NO_SCHEMA.format(self.user))
        elif not (self.may_use and self.may_create_tables):
            raise StoreError(NO_TABLES.format(self.user, self.owner))


def check_rights(session: Connection, tables: Sequence[Table] = ()) -> Rights:
    """Return what the user may do; raise ``StoreError`` if the user cannot use the tables.

    These are the engine's, and those of ``tables`` that the database has.
    """
    given = _parameters(tuple(table.name for table in tables))
    row: Any = session.real.execute((_OURS + _USER).encode(), given).fetchone()
    rights = Rights(*row)
    missing = list(_missing(session, rights, given)) if rights.has_tables else []
    if missing:
        raise StoreError(" ".join(missing))
    return rights


def _missing(session: Connection, rights: Rights, given: Mapping[str, object]) -> Iterable[str]:
    named = {"user": rights.user, "owner": rights.owner}
    if not rights.may_use:
        what, grant = f"the schema {SCHEMA}", f"USAGE ON SCHEMA {SCHEMA}"
        yield LACKS.format(rights="USAGE", what=what, grant=grant, **named)
    lacking: dict[str, dict[str, Sequence[str]]] = {}
    for kind, right, names in session.real.execute((_OURS + _LACKING).encode(), given):
        lacking.setdefault(kind, {})[right] = names
    for kind, found in lacking.items():
        some = sorted({name for names in found.values() for name in names})
        grant = f"{', '.join(_ALL[kind])} ON ALL {kind.upper()} IN SCHEMA {SCHEMA}"
        told = ", ".join(right for right in _ALL[kind] if right in found)
        what = f"the {kind} {_name_some(some)}"
        yield LACKS.format(rights=told, what=what, grant=grant, **named)


def _name_some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMED])} and {more} more"


@cache
def _parameters(of_features: tuple[str, ...]) -> Mapping[str, object]:
    found = (re.search(r"CREATE (?:UNLOGGED )?TABLE (\w+)", each) for each in statements())
    tables = [*(match[1] for match in found if match), *of_features]
    return {"schema": SCHEMA, "tables": tables} | {f"of_{k}": [*v] for k, v in _ALL.items()}
