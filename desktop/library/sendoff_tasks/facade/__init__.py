"""The engine as a program uses it.

``engine`` has the class: it does any verb and reads for any caller, and names those that an app
uses. ``add_task`` has the types of adding a task, and waits for the end of one. ``measures``
computes figures, ``opening`` opens the store and moves a folder's tasks to a server, and
``running_engine`` builds the parts and stops them in order.
"""
