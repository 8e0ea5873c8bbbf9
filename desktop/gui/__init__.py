"""The window: widgets, and what a person's actions do.

Read ``shown`` (the window until its first picture), ``assembly`` (the parts it shows there),
``program`` (from there to its end), ``other_views`` (the other parts) and ``actions`` (what each
signal leads to). ``frame`` is the window around the views; ``table``, ``items``, ``batches``,
``causes`` and ``overview`` are the views, ``filter`` what narrows the table; ``form``, ``detail``
and the sheets stand beside them.
``tasks`` is the table's model, with the words for states and reasons. All are made of ``widgets``
and look as ``look`` says; ``words`` holds what they all say alike, and ``jobs`` is the one crossing
between threads.
"""
