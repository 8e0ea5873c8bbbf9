"""Actions on a whole list: ``searching`` (and saved views), ``exports``, ``address_copies``.

``live_items`` keeps the view of items current.
"""
