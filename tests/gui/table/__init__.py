"""Tests of ``desktop/gui/table``."""
