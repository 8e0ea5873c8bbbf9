"""Who messages come from."""

from __future__ import annotations

from desktop.gui.tasks.acting.pending_actions import Delivery


def test_it_follows_the_mail_settings_and_tells_of_changes_only() -> None:
    delivery, told = Delivery(), []
    delivery.changed.connect(lambda: told.append(delivery.me))
    for sender in ("desk@example.org", "desk@example.org", "shop@example.org"):
        delivery.follow({"sender": sender, "transport": "smtp", "host": "mx"})
    assert told == ["desk@example.org", "shop@example.org"]
