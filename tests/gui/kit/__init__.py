"""Tests of what every room is built of."""
