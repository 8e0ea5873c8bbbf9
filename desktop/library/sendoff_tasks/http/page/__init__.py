"""The monitor in the browser: a page that an app mounts, closed unless somebody is let in.

Read ``mounted`` (what the page serves, and what it refuses), ``visitors`` (who may look or act) and
``forwarding`` (how any process reaches the one that runs the tasks). ``static`` is the page itself:
HTML, CSS and modules of JavaScript, as they are sent.
"""

from sendoff_tasks.http.page.mounted import monitor
from sendoff_tasks.http.page.visitors import Right

__all__ = ["Right", "monitor"]
