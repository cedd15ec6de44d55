"""Who is measured side by side.

The rows of a peer are in `peers/NAME.py`, written as that library's own documentation would have it: nothing is
tuned, and nothing is left out that its users would have.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.peer import Compiled, Ours, Peer, PythonPeer
from benchmarks.peers.beam import Beam
from benchmarks.web.lineup import WEB_PEERS

__all__ = ["OURS", "OURSELVES", "PEERS", "TITLES", "UNWATCHED", "WATCHED", "chosen"]

OURS = Ours("actorbook", "actorbook")
UNWATCHED = Ours("unwatched", "actorbook, no tracer")
WATCHED = Ours("watched", "actorbook, on the screen")
OURSELVES = (OURS, UNWATCHED, WATCHED)
PEERS: tuple[Peer, ...] = (
    OURS,
    UNWATCHED,
    WATCHED,
    Compiled("compiled", "actorbook, compiled"),
    PythonPeer("asyncio", "asyncio"),
    PythonPeer("pykka", "Pykka", "pykka"),
    PythonPeer("xoscar", "xoscar", "xoscar"),
    PythonPeer("lapinbeam", "lapinbeam", "lapinbeam"),
    PythonPeer("tapio", "tapio-py", "tapio-py"),
    Beam("beam", "BEAM"),
)
TITLES = {peer.name: peer.title for peer in (*PEERS, *WEB_PEERS)}
"""Of the servers in `web/lineup.py` too."""


def chosen(names: str | None, among: Sequence[Peer] = PEERS) -> list[Peer]:
    """The peers of a comma-separated list, in the table's order; all of them for None."""
    if names is None:
        return list(among)
    wanted = names.split(",")
    unknown = set(wanted) - {peer.name for peer in among}
    if unknown:
        known = ", ".join(peer.name for peer in among)
        raise ValueError(f"--peers: expected some of {known}, got {', '.join(sorted(unknown))}")
    return [peer for peer in among if peer.name in wanted]
