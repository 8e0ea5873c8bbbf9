"""E-mails that came back, as mail servers send them."""

from __future__ import annotations


def report(
    to: str,
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user",
) -> bytes:
    """Return a delivery report (RFC 3464) with the head of the message that came back."""
    return f"""\
From: MAILER-DAEMON@mx.example.org
To: office@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {to}

--b--
""".encode()


def free_text(to: str) -> bytes:
    """Return a bounce that is no report: qmail's."""
    return f"""\
From: MAILER-DAEMON@mx.example.org
To: office@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
198.51.100.7 does not like recipient.
Remote host said: 550 5.1.1 no such user
""".encode()
