"""Batches: the rows of a spreadsheet that are sent together.

Read ``batch_words`` first: what a batch does now, in one table, and its numbers. ``batch_soon``
shows a batch as it will be, ``draft_words`` are the texts of a draft, and ``batch_pace`` measures
the speed. ``batch_model``, ``batch_card``, ``cause_lines``, ``several_batches`` and ``batch_view``
show them. ``batch_verbs`` carries out their actions: what can be undone waits in the backend.
``batch_reports`` saves reports, ``batch_tasks`` shows tasks in the table, ``batch_calls`` are the
blocking calls. ``rows`` are a batch's rows.
"""
