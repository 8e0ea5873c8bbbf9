"""Tests of ``desktop/engine/facade``."""
