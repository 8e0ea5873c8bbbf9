"""Tests of the item form."""
