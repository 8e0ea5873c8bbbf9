"""Tests of ``/items``."""
