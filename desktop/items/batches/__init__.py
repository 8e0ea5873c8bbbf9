"""Batches: the rows of a spreadsheet become items and tasks, step by step.

In the order of a batch's life: ``drafting`` makes it, fills it with rows and starts it;
``remembering`` finds earlier corrections of its rows, ``comparing`` what was sent before.
``feeding`` is the duty that turns its rows into items when they may leave, ``counting`` follows
their tasks. ``acting`` pauses, cancels and retries it, takes it back or deletes it. ``identity``
decides which rows are the same, ``rows`` reads, writes and remembers them. ``limits`` are what a
batch allows, and when its messages leave.
"""
