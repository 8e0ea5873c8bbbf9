"""Templates: the texts of messages.

Read in this order:

- ``source``: the file of a template, and its fields by their own names
- ``sandbox``: what a template can do
- ``plain_html``: the HTML of a plain text
- ``letter``: a text in Markdown as an HTML page in the letterhead, and as a plain text
- ``template``: a template ready to render, or its errors in plain words
- ``letterhead``: the letterhead in its files
- ``office``: the language and the way in which all are written
- ``store``: reads and writes templates, with their earlier versions and attachments
"""
