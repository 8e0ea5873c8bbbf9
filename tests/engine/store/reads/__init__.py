"""Tests of ``desktop/engine/store/reads``."""
