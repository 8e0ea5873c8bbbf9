"""Tests of ``desktop/gui/actions/form``."""
