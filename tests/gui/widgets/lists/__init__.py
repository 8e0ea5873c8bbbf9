"""Tests of ``desktop/gui/widgets/lists``."""
