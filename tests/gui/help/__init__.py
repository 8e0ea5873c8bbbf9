"""Tests of ``desktop/gui/help``."""
