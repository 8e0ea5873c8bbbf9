"""Reads of items and batches.

Read ``items`` (a page, and counts), then ``worded_items`` (how items are found by words) and
``item_detail`` (one item). ``messages`` are those that need a template. ``batches`` has a page of
batches, and one of them; ``batch_rows`` its rows.
"""
