"""Work that the engine does by itself, one duty a file.

``stager`` starts what is due, ``scheduler`` makes the tasks of schedules, ``recovery`` judges what
an earlier run left behind, ``pruner`` forgets what is old and gives the room back,
``clock_changes`` follows a clock that was changed, ``search_indexing`` adds what the search finds
later, ``upkeep`` looks for damage and makes backups.
"""
