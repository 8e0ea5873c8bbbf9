"""Reading items: the list, and one with all that is known of it.

Read ``items`` (a page, and counts), then which items those are: ``found_items``, by words
``worded_items``, and ``kinds`` (items by whether people were told). ``item_detail`` reads one.
"""
