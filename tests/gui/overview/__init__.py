"""Tests of ``desktop/gui/overview``."""
