"""Frames arrive whole, or not at all."""

from __future__ import annotations

import io
import struct

from desktop.sheets.frames import LONGEST, FrameKind, receive, send_json


def test_frames_arrive_in_order_and_a_cut_one_is_the_end() -> None:
    pipe = io.BytesIO()
    send_json(pipe, FrameKind.AHEAD, {"read": 1})
    send_json(pipe, FrameKind.DONE, None)
    for cut in (1, 3, 7):
        short = io.BytesIO(pipe.getvalue()[:-cut])
        assert receive(short) == (FrameKind.AHEAD, b'{"read": 1}')
        assert receive(short) is None


def test_more_than_a_frame_can_have_is_the_end() -> None:
    assert receive(io.BytesIO(struct.pack(">BI", FrameKind.ROWS, LONGEST + 1))) is None
