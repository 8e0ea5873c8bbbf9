"""What every room is built of, and knows no room itself.

``look`` is the theme, ``words`` the texts about tasks, times and servers, ``widgets`` the building
blocks, ``lists`` what all lists of rows share. ``rights`` tells what a window may do.
"""
