"""Spreadsheets that are sent together, in words and as a list.

Read ``batch_waits``, ``batch_times``, ``later_batches`` and ``batch_rest`` (what keeps a batch,
when it leaves, which others have its rows, what was not sent), then ``batch_words`` and
``batch_look``, which put it together; ``batch_model``, ``batch_card`` and ``batch_view`` show it.
"""
