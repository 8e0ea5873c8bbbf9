"""Tests of ``desktop/engine/events``."""
