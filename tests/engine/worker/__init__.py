"""Tests of ``desktop.engine.worker``: attempts that run in another process, on PostgreSQL."""
