"""Tests of ``desktop/gui/filter``."""
