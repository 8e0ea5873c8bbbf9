"""The domain: items, and batches of spreadsheet rows that become items and tasks of the engine.

The engine is opened with the ``feature``. ``register`` is what a program submits (``submission``),
reads and corrects of items. ``accepting``, ``correcting`` and ``undoing`` are verbs, which use
``item_numbers`` and ``current_items``; ``item_records`` are what the writer remembers. ``batches``
are the duties, the verbs and the façade of batches. ``reads`` are what is shown of both,
``tables`` the statements.

An item outlives its tasks: ``keeping`` erases and deletes it in time. ``forgetting`` leaves nothing
of a person.
"""
