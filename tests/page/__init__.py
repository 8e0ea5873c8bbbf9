"""The page of the tasks in a real browser: each act, against a real app that is killed."""
