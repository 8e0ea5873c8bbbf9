"""Tests of ``desktop/gui/desk``."""
