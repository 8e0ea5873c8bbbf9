"""Tests of ``desktop/engine/dispatch``."""
