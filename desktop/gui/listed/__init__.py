"""Who gets no e-mail, and what came back.

``list_dialog`` shows the list *Do not send*, and ``adding`` asks for what to add to it;
``found_dialog`` shows the e-mails that came back before they are marked. ``room`` joins them with
the window, and offers the addresses that were refused after a mail-out.
"""
