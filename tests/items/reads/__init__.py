"""Tests of ``desktop/items/reads``."""
