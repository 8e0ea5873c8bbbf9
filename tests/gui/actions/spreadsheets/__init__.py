"""Tests of ``desktop/gui/actions``."""
