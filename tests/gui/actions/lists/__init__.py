"""Tests of ``desktop/gui/actions/lists``."""
