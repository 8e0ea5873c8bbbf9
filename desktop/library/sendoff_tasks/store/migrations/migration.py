"""A change of the tables, as statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Migration:
    """A change of the tables to ``version``, by the statements for each engine.

    They run in order, in one transaction with the row that holds the version.
    """

    version: str
    sqlite: Sequence[str] = ()
    postgres: Sequence[str] = ()
