"""The window: its widgets, and the code behind its buttons.

Read ``shown`` (the window up to its first picture), ``assembly`` (the widgets of that picture),
``program`` (the window's life from there to its end), ``other_views`` (the remaining views) and
``actions`` (what each signal leads to). ``frame`` is the window around the views. ``table``,
``items``, ``batches``, ``causes`` and ``overview`` are the views; ``chosen`` shows what is selected
in them, and ``filter`` narrows them. ``form``, ``detail`` and the sheets stand beside them.
``tasks`` is the model of the table of tasks, with the words for states and reasons. ``widgets``
holds the building blocks, ``look`` the theme, ``words`` the texts that all parts share, and
``jobs`` the one crossing between threads.
"""
