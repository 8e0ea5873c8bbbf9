"""Batches: the rows of a spreadsheet that are sent together.

Read ``batch_words`` first: what a batch does now, in one table, and its numbers. ``batch_outlook``
shows a batch as it will be, ``draft_words`` are the texts of a draft. ``batch_model``,
``batch_card`` and ``batch_view`` show them. ``batch_verbs`` carries out their
actions: ``announced_batches`` are those that wait in the backend and can be undone.
``batch_reports`` saves reports and the list,
``batch_news`` tells of those that are done. ``rows`` are a batch's rows.
"""
