"""Actions on a whole list: search, save as a view, export, copy its addresses.

``live_items`` keeps the view of items current.
"""
