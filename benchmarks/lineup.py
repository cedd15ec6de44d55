"""Who is measured side by side.

The rows of a peer are in `peers/NAME.py`, written as that library's own documentation would have it: nothing is
tuned, and nothing is left out that its users would have.
"""

from __future__ import annotations

from benchmarks.peer import Compiled, Ours, Peer, PythonPeer
from benchmarks.peers.beam import Beam

__all__ = ["OURS", "OURSELVES", "PEERS", "UNWATCHED", "WATCHED", "chosen"]

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


def chosen(names: str | None) -> list[Peer]:
    """The peers of a comma-separated list, in the table's order; all of them for None."""
    if names is None:
        return list(PEERS)
    wanted = names.split(",")
    unknown = set(wanted) - {peer.name for peer in PEERS}
    if unknown:
        known = ", ".join(peer.name for peer in PEERS)
        raise ValueError(f"--peers: expected some of {known}, got {', '.join(sorted(unknown))}")
    return [peer for peer in PEERS if peer.name in wanted]
