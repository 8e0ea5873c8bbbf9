"""The domain: batches of spreadsheet rows, which become items and tasks of the engine.

``batches`` are the duties, the verbs and the façade; the engine is opened with their ``feature``.
``reads`` are what is shown of them, ``tables`` their statements.
"""
