"""Tests of the parts of the place *Import*."""
