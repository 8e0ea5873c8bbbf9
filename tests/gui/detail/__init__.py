"""Tests of ``desktop/gui/detail``."""
