"""Tests of ``desktop/gui/detail/summary``."""
