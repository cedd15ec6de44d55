"""`lag()`: how late the loop is that carries the node."""

from __future__ import annotations

from ..core.lag import Lag
from ..core.running import current_node

__all__ = ["Lag", "lag"]


def lag() -> Lag:
    """How late the node's event loop was with what was due: `(last, worst, samples)`, delays in seconds.

    Measured when a timer fires, and by the watchdog, if there is one, a few times a second while the loop is
    busy. A callback or a cell that computes for a second makes all others wait as long: that is the lag.

        >>> import actorbook as ab
        >>> await ab.sleep(0.001)
        >>> ab.observe.lag().last < 60
        True
    """
    return current_node().lag.read()
