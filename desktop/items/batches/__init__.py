"""Batches: the rows of a spreadsheet become items and tasks, step by step.

In the order of a batch's life: ``drafting`` sets it up. ``filling`` adds its rows. ``remembering``
finds earlier corrections of its rows, ``comparing`` what was sent before. ``starting`` starts it.
``feeding`` is the duty that turns its rows into items when they may leave. ``counting`` follows
its tasks, ``stopping`` pauses or cancels it, ``retrying`` retries failed rows, ``undoing`` takes it
back or deletes it. ``handing_in`` turns one row into an item, ``merging`` combines it with an
existing one. ``identity`` decides which rows are the same; ``rows`` reads and writes them,
``under_way`` is what the writer remembers, ``limits`` what a batch allows, ``leaving_times`` when
its messages leave. ``feature`` is what the engine is opened with, ``facade`` what a program calls.
"""
