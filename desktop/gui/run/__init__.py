"""*Run a task…*: any registered task, with a form made from its signature.

Read ``arguments`` (a JSON Schema as a list of arguments), ``typed`` (from value to typed input),
``reading`` (from typed input to value), ``argument_words``, ``editors`` and ``argument_form`` (the
widgets), ``function_list``, ``run_sheet``.
"""
