"""What goes over the wire: ``bodies`` and ``parameters`` in, ``answers`` and ``problems`` out.

``values`` are what both are made of; ``json_io`` reads and writes them; ``openapi`` describes the
routes, with ``examples``.
"""
