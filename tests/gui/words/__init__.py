"""Tests of ``desktop/gui/words``."""
