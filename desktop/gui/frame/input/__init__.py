"""Keyboard, wheel and dropped files in the window as a whole.

``window_shortcuts`` has the shortcuts, ``keyboard_keeper`` keeps the focus in its place,
``text_wheel`` changes the text size, and ``drop_zone`` takes files that are dropped.
"""
