"""*Run a task…*: any registered task, with a form made from its signature.

Read ``arguments`` (from a JSON Schema to typed input and back), ``editors`` (the form), and
``run_sheet``.
"""
