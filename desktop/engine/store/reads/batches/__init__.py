"""Reads of batches: the list, the rows of one, and what was left out of it.

Read ``batches`` (a page, and one batch), ``batch_rows`` (its rows), then ``left_out`` (rows with a
problem, and the later batch that contains each).
"""
