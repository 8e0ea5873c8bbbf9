"""Tests of the import sheet's parts."""
