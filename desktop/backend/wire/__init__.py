"""What goes over the wire: ``bodies`` and ``parameters`` in, ``answers`` and ``problems`` out.

``values`` are what both are made of, ``body`` reads and writes the JSON; ``openapi`` describes the
routes, with ``examples``.
"""
