"""The domain: items, and batches of spreadsheet rows that become items and tasks of the engine.

``register`` is what a program reads and corrects of items; ``correcting`` and ``undoing`` are
verbs. ``batches`` are the duties, the verbs and the façade of batches; the engine is opened with
their ``feature``. ``reads`` are what is shown of both, ``tables`` the statements.
"""
