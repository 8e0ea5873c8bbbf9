"""The engine as a program uses it.

``engine`` has the class: it does any verb and reads for any caller, and names those that an app
uses. ``batches`` has the verbs of spreadsheets, ``add_task`` the types of adding a task,
and ``following`` waits for the end of one.
``measures`` and ``leaving_times`` compute figures, ``moving`` moves a folder's tasks to a server,
``opening`` opens the store, and ``running_engine`` builds the parts and stops them in order.
"""
