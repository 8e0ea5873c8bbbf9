"""Tests of ``desktop/engine/attempts``."""
