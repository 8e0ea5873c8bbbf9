"""The one sentence of the window: what is the case now, with the one thing to do.

Read ``facts`` (what it is made of), then ``cases``: the cases in their order, and the statement of
the first that applies.
"""
