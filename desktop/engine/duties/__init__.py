"""Work that the engine does by itself, one duty a file.

``stager`` starts tasks that are due, ``due_schedules`` makes the tasks of schedules, ``recovery``
judges what an earlier run left behind, ``pruner`` deletes what is old and gives the disk space
back, ``clock_changes`` follows a clock that was changed, ``search_indexing`` adds what the search
finds later, ``upkeep`` looks for damage and makes backups.
"""
