"""Templates: the texts of messages.

Read in this order:

- ``source``: the file of a template
- ``fields``, ``spacing``, ``sandbox``: what a template can use and do
- ``faults``: errors of a template in plain words
- ``template``: a template ready to render
- ``versions``, ``names``, ``staged``: earlier versions, earlier names, files of an edit
- ``folder``, ``store``: read and write templates
- ``built_in_folders``: where the templates are that come with the program
"""
