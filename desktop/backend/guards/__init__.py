"""What stands before the routes: ``connections``, the ``token``, and ``body_limit``."""
