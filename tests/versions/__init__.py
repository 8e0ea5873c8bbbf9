"""Versions of Sendoff on one folder: a kept one of the baseline, and later ones made here."""
