"""Tests of ``desktop/gui/form``."""
