"""Tests of spreadsheets: files in, rows and reports out."""
