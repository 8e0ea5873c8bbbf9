"""What sending means now: who messages come from, and whether they leave."""

from __future__ import annotations

from desktop.gui.delivery import Delivery


def test_it_follows_the_mail_settings_and_tells_of_changes_only() -> None:
    delivery, told = Delivery(), []
    delivery.changed.connect(lambda: told.append((delivery.me, delivery.keeps)))
    for transport in ("practice", "practice", "smtp"):
        delivery.follow({"sender": "desk@example.org", "transport": transport, "host": "mx"})
    assert told == [("desk@example.org", True), ("desk@example.org", False)]
