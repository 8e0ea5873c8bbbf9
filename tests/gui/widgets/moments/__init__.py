"""Tests of ``desktop/gui/widgets/moments``."""
