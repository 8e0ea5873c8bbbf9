"""Reads of items: the list, and single items with all that is known of them.

Read ``items`` (a page, and counts), then ``worded_items`` (how items are found by words).
``item_detail`` reads one item.
"""
