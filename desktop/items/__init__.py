"""The domain: items, and batches of spreadsheet rows that become items and tasks of the engine.

The engine is opened with the ``feature``; a program calls the ``facade``. ``accepting`` and
``correcting`` are the verbs of items, ``item_records`` what the writer remembers of them. An item
outlives its tasks: ``forgetting`` erases and deletes it in time, and leaves nothing of a person who
asks for that, whom ``person`` finds. ``editions`` has planned messages take a newer text.
``batches`` are the duties and verbs of batches, ``sending`` what the settings say of practice mode
and of the hours for them. ``reads`` are what is shown of both, ``tables`` the
tables and the statements.
"""
