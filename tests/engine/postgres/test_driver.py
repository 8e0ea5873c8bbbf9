"""The driver has what is taken from inside it, and says so where it has not."""

from __future__ import annotations

import sys
from importlib import import_module

import psycopg
import pytest

from sendoff_tasks.facade.opening import needing_driver
from sendoff_tasks.store.errors import StoreError

PIPELINE = "sendoff_tasks.postgres.cursor"
TAKEN = [
    ("psycopg.generators", "send"),
    ("psycopg.generators", "fetch_many"),
    ("psycopg.errors", "error_from_result"),
]
"""What it does not document."""


@pytest.mark.parametrize(("module", "name"), TAKEN)
def test_the_driver_has_each_name_and_a_database_needs_it(
    module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = vars(import_module(module))
    version = psycopg.__version__
    assert name in there, f"psycopg {version} has no {module}.{name}: see {PIPELINE}"
    import_module(PIPELINE)
    monkeypatch.delitem(there, name)
    monkeypatch.delitem(sys.modules, PIPELINE)
    lacks = f"lacks what is needed of {module}; .*server"
    with pytest.raises(StoreError, match=lacks), needing_driver():
        import_module(PIPELINE)
