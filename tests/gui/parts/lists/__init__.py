"""Tests of ``desktop/gui/parts/lists``."""
