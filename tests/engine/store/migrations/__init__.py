"""Tests of ``desktop/engine/store/migrations``."""
