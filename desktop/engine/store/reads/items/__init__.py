"""Reading the list of items.

Read ``items`` (a page, and counts), then ``found_items`` (which items those are) and ``kinds``
(items by whether people were told).
"""
