"""The desk's page of tasks: what happened to one, what helps, and what several can do.

Read ``desk_content``, what a page shows as plain data; ``modes`` makes it, with ``leads`` (the
sentences), ``facts`` (the lines of the history) and ``contents`` (what is read). ``desk_page``
shows it, with ``paper``, ``history`` and ``foot``; ``task_detail`` reads and follows the selected
task.
"""
