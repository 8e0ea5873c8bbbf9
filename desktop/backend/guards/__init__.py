"""Guards before the routes: ``connections``, ``token``, ``body_limit`` and ``right_of_way``."""
