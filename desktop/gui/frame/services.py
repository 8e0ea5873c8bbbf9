"""What the rooms of a window act with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.client.drafts import DraftBox
    from desktop.gui.frame.exports import Exports
    from desktop.gui.frame.grace_period import GracePeriod
    from desktop.gui.frame.notifications import Notifier
    from desktop.gui.link.connection import BackendLink, Live
    from desktop.gui.link.jobs import Jobs


@dataclass(frozen=True, slots=True)
class RoomServices:
    """The backend (``source``, ``link``, ``live``), threads, and what the frame does for all.

    ``box_jobs`` runs on one thread, so that what is typed is written to its ``box`` in order.
    """

    source: ApiSource
    jobs: Jobs
    box: DraftBox
    box_jobs: Jobs
    live: Live
    link: BackendLink
    grace: GracePeriod
    exports: Exports
    notifier: Notifier
