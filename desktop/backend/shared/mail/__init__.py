"""Mail behind the routes: ``letters`` has all of it, ``letter`` is one to look at or test."""
