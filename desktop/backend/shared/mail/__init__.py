"""Mail for the routes: ``letters`` is the service, ``letter`` one message to preview or test."""
