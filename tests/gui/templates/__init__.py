"""Tests of the template editor."""
