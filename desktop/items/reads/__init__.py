"""Reads of items and batches.

``items`` has a page of items, with how they are found, counts, and one item. ``messages`` are those
that need a template. ``batches`` has pages of batches and of their rows.
"""
