"""Reading the list of items.

Read ``items`` (a page, and counts), then which items those are: ``found_items``, by words
``worded_items``, and ``kinds`` (items by whether people were told).
"""
