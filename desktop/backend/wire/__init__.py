"""What goes over the wire: ``bodies`` and ``parameters`` in, ``answers`` and ``problems`` out."""
