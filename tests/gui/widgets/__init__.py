"""Tests of ``desktop/gui/widgets``."""
