"""Reads of items: the list, and single items with all that is known of them.

Read ``items`` (a page, and counts), then how its items are found: ``found_items``, by words
``worded_items``, and ``kinds`` (whether recipients were informed). ``item_detail`` reads one item.
"""
