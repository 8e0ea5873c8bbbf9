"""Reads a raw e-mail on stdin with fast-mail-parser, which is Rust's mailparse; prints JSON."""

import hashlib
import json
import sys

from fast_mail_parser import parse_email  # type: ignore[import-not-found]

mail = parse_email(sys.stdin.buffer.read())
told = {
    "subject": mail.subject,
    **{
        name: [[each.display_name or "", each.address] for each in boxes or ()]
        for name, boxes in (
            *(("from", [mail.from_]), ("to", mail.to), ("cc", mail.cc)),
            *(("bcc", mail.bcc), ("reply_to", mail.reply_to)),
        )
    },
    "text": "".join(mail.text_plain),
    "html": "".join(mail.text_html),
    "files": [
        [each.filename, each.mimetype, hashlib.sha256(bytes(each.content)).hexdigest()]
        for each in mail.attachments
    ],
}
print(json.dumps(told))
