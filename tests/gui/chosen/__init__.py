"""Tests of ``desktop/gui/chosen``."""
