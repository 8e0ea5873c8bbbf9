"""*Run…*: any registered task, with a form made from its signature.

Read ``arguments`` (a JSON Schema as a list of arguments), ``typed`` (a value as it is typed),
``reading`` (what is typed as a value), ``argument_words``, ``editors`` and ``argument_form`` (the
widgets), ``function_list``, ``run_sheet``.
"""
