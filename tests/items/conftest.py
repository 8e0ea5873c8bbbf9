"""The engine's fixtures: a stepped engine, which is opened with the domain."""

from __future__ import annotations

from tests.engine.conftest import in_file, make, stepped

__all__ = ["in_file", "make", "stepped"]
