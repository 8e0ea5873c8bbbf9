"""Reads of items and batches.

Read ``items`` (a page, counts, and one item), then ``worded_items`` (how items are found by words).
``messages`` are those that need a template. ``batches`` has pages of batches and of their rows.
"""
