"""Tests of ``desktop/engine/duties``."""
