"""The measurements of the web layer run: every row against a real server, in small, and losses are failures."""

from __future__ import annotations

import pytest

from benchmarks.report import tables
from benchmarks.results import Figure, Results
from benchmarks.rows import Row
from benchmarks.web.child import played
from benchmarks.web.crowd import Client
from benchmarks.web.dialects import DIALECTS
from benchmarks.web.frames import masked, texts
from benchmarks.web.plays import _check
from benchmarks.web.rows import WEB_ROWS

pytestmark = pytest.mark.alone


@pytest.mark.parametrize("row", WEB_ROWS, ids=lambda row: row.name)
def test_we_answer_every_row(row: Row) -> None:
    told = played("actorbook", row.name, quick=True)

    assert "absent" not in told
    assert told["value"] or told["cpu"]


@pytest.mark.parametrize("row", ["web_echo", "web_fanout"])
def test_the_bare_handler_answers_too(row: str) -> None:
    assert float(played("starlette", row, quick=True)["value"]) > 0


def test_who_has_no_channels_cannot_crash_them_and_says_so() -> None:
    assert "no process" in str(played("starlette", "web_storm", quick=True)["absent"])


def test_each_dialect_reads_its_own_frames() -> None:
    replies = {
        "actorbook": '["1","7","room:lobby","phx_reply",{"status":"ok","response":{"n":7}}]',
        "socketio": '437[{"n":7}]',
        "starlette": '{"event":"reply","payload":{"n":7}}',
    }
    shouts = {
        "actorbook": '[null,null,"room:lobby","shout",{"n":7}]',
        "socketio": '42["shout",{"n":7}]',
        "starlette": '{"event":"shout","payload":{"n":7}}',
    }
    for name, dialect in DIALECTS.items():
        assert dialect.replied(replies[name]) == {"n": 7}
        assert dialect.said(shouts[name]) == {"n": 7}


def test_frames_in_pieces_are_put_together() -> None:
    data = b"\x81\x02hi\x81\x7e\x00\x7f" + b"x" * 127

    assert texts(data[:3]) == ([], data[:3])
    assert texts(data) == (["hi", "x" * 127], b"")
    assert masked("é" * 100)[:4] == b"\x81\xfe\x00\xc8"
    with pytest.raises(ConnectionError, match="the server closed"):
        texts(b"\x88\x02\x03\xf4")


def test_a_lost_or_changed_message_is_no_figure() -> None:
    with pytest.raises(AssertionError, match="expected message 2 next"):
        _check({"n": 3, "body": "x"}, 2)


def test_a_figure_has_a_limit_of_its_own() -> None:
    memory = next(row for row in WEB_ROWS if row.unit == "B")
    for figure, mark in ((40_000.0, "✓"), (70_000.0, "✗")):
        found = Results([memory], {}, {"rounds": 1, "quick": False}, versions={"actorbook": "1"})
        found.figures = [Figure(memory.name, "actorbook", 0, 1000, figure)]
        assert f"/ connection {mark} |" in tables(found)[0].to_markdown()


def test_a_client_sends_several_frames_at_once() -> None:
    class Sink:
        got = b""

        def sendall(self, data: bytes) -> None:
            self.got += data

    sink = Sink()
    Client(0, sink).send(["a", "b"])  # type: ignore[arg-type]

    assert sink.got == masked("a") + masked("b")
