"""*Run a task…*: any registered task, with a form made from its signature; and schedules.

Read ``arguments`` (from a JSON Schema to typed input and back), ``editors`` (the form),
``run_sheet``, and ``room``, which runs it. ``schedules`` is the other sheet.
"""
