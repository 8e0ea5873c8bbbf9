"""Tests of ``desktop/engine/functions``."""
