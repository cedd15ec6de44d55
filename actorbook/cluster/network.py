"""What a network does to a message, as a pure decision: when it arrives, whether it is lost, how often it comes.

Time, size and luck come in as numbers and the fate goes out, together with the state of the line for the next
message. So the same numbers always give the same network.

    >>> line = Quality(latency=0.010, bandwidth=1_000)
    >>> first = fate(line, Lane(), now=0.0, size=100, luck=Luck())
    >>> second = fate(line, first.lane, now=0.0, size=100, luck=Luck())    # it waits until the first has left
    >>> [round(at, 3) for at in first.arrivals + second.arrivals]
    [0.11, 0.21]
"""

from __future__ import annotations

from math import inf, log
from typing import Any, NamedTuple

from ..core.timers import check_seconds

__all__ = ["PRESETS", "Fate", "Lane", "Luck", "Preset", "Quality", "fate", "quality"]

_RESEND = 0.2  # seconds after which an ordered line sends again what was lost, as TCP does at the soonest
_MOST_RESENDS = 10


class Preset(NamedTuple):
    """A kind of network: `ordered` ones lose nothing but with the connection; `patient` ones never give that up."""

    name: str
    ordered: bool
    patient: bool


PRESETS = {
    "otp": Preset("otp", ordered=True, patient=False),
    "tcp": Preset("tcp", ordered=True, patient=True),
    "udp": Preset("udp", ordered=False, patient=False),
}


class Quality(NamedTuple):
    """How good a line is: seconds, chances from 0 to 1, bytes a second."""

    latency: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    duplicate: float = 0.0
    bandwidth: float = inf
    ordered: bool = True

    @property
    def instant(self) -> bool:
        """True when nothing happens on the way."""
        return self == (0.0, 0.0, 0.0, 0.0, inf, self.ordered)

    @property
    def chancy(self) -> bool:
        """True when luck plays a part."""
        return bool(self.jitter or self.loss or self.duplicate)


class Lane(NamedTuple):
    """The state of a line in one direction: until when it is busy sending, and when the last message arrives."""

    free: float = 0.0
    last: float = 0.0


class Luck(NamedTuple):
    """The draws that decide about one message, each from 0 up to 1; those for its twin come last."""

    loss: float = 1.0
    delay: float = 0.0
    twin: float = 1.0
    twin_delay: float = 0.0


class Fate(NamedTuple):
    """What becomes of a message: the times at which it arrives (none: lost), and the line afterwards."""

    arrivals: tuple[float, ...]
    lane: Lane


def fate(line: Quality, lane: Lane, now: float, size: int, luck: Luck) -> Fate:
    """Decide about one message that is sent `now`."""
    left = max(now, lane.free) + size / line.bandwidth
    arrival = left + line.latency + line.jitter * luck.delay
    if line.ordered:
        arrival = max(arrival + _resends(line, luck) * max(_RESEND, 2 * line.latency), lane.last)
        return Fate((arrival,), Lane(left, arrival))
    lane = Lane(left, lane.last)
    if luck.loss < line.loss:
        return Fate((), lane)
    if luck.twin < line.duplicate:
        return Fate((arrival, left + line.latency + line.jitter * luck.twin_delay), lane)
    return Fate((arrival,), lane)


def _resends(line: Quality, luck: Luck) -> int:
    """How often an ordered line has to send before it gets through: each try is lost with the same chance."""
    if luck.loss >= line.loss:
        return 0
    tries = log(luck.loss) / log(line.loss) if luck.loss > 0 and line.loss < 1 else _MOST_RESENDS
    return min(int(tries), _MOST_RESENDS)


def quality(preset: Preset, latency: Any, jitter: Any, loss: Any, duplicate: Any, bandwidth: Any) -> Quality:
    """A line from what was asked for, or the asker's error."""
    line = Quality(
        check_seconds(latency, "latency"),
        check_seconds(jitter, "jitter"),
        _chance(loss, "loss"),
        _chance(duplicate, "duplicate"),
        inf if bandwidth is None else check_seconds(bandwidth, "bandwidth") or _no_bandwidth(),
        preset.ordered,
    )
    if preset.ordered and line.duplicate:
        raise ValueError(
            f"duplicate={duplicate!r}: the network {preset.name!r} delivers once; expected 0, or network='udp'"
        )
    return line


def _chance(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{what}: expected a chance from 0 to 1, got {value!r}; 0.05 is one in twenty")
    return float(value)


def _no_bandwidth() -> float:
    raise ValueError("bandwidth: expected bytes a second, got 0; hold or partition a link to stop it")
