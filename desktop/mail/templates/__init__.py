"""The texts of messages: what a template is, what it makes of an item, and where it is kept.

To be read in this order: ``source`` (the file), ``fields``, ``spacing`` and ``sandbox`` (what it
may ask for and do), ``faults``, ``template`` (ready to render), ``versions``,
``names`` (of renamed ones), ``folder`` (that reads them), ``store``, ``built_in``.
"""
