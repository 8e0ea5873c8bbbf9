"""Tasks that are made again and again by themselves: ``@task(cron=…)`` and ``@task(every=…)``.

``making`` makes the task of a due time, once; ``steering`` pauses, resumes and runs now;
``listing`` tells what there is. The duty that looks for due times is ``duties/due.py``, the grammar
``functions/schedule.py``.
"""
