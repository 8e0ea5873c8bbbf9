"""Tests of ``desktop/gui/look``."""
