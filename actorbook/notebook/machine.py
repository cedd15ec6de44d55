"""What the details panel shows of a state machine: its graph, laid out here, so that there is one layout for all."""

from __future__ import annotations

from ..behaviours.statem.graph import Graph, graph_of
from ..behaviours.statem.plot import Arrow as Drawn
from ..behaviours.statem.plot import plot
from ..core.process import Process
from .protocol_details import Arrow, Machine, Place, Taken

__all__ = ["machine_of", "machine_text"]

_STATES, _ARROWS = 14, 40
_LINES, _COLUMNS = 80, 160


def machine_of(process: Process) -> Machine | None:
    """Its states and transitions as a picture, or as text alone when they are too many; None for no state machine."""
    graph = graph_of(process)
    if graph is None:
        return None
    last = None if graph.last is None else Taken(source=graph.last[0], target=graph.last[1], cause=graph.last.cause)
    machine = Machine(
        current=graph.current or "", initial=graph.initial or "", last=last, frame=[], places=[], arrows=[],
        text=_clipped(graph),
    )  # fmt: skip
    if 0 < len(graph.states) <= _STATES and len(graph.transitions) <= _ARROWS:
        _lay_out(machine, graph)
    return machine


def machine_text(process: Process) -> str:
    """The graph in lines; empty for what is no state machine."""
    graph = graph_of(process)
    return "" if graph is None else _clipped(graph)


def _lay_out(machine: Machine, graph: Graph) -> None:
    boxes, arrows, frame = plot(graph)
    machine["frame"] = _round(frame.x - frame.w / 2, frame.y - frame.h / 2, frame.w, frame.h)
    machine["arrows"] = [_arrow(arrow) for arrow in arrows]
    for name, box in boxes.items():
        x, y, w = _round(box.x, box.y, box.w)
        machine["places"].append(Place(name=name, x=x, y=y, w=w))


def _arrow(arrow: Drawn) -> Arrow:
    transition, curve, label = arrow
    x, y = _round(label.x, label.y)
    return Arrow(
        source=transition.source, target=transition.target, times=transition.times,
        causes=[cause for cause in transition.causes if cause],
        curve=_round(*(number for point in curve for number in point)), x=x, y=y,
    )  # fmt: skip


def _round(*numbers: float) -> list[float]:
    return [round(number, 1) for number in numbers]


def _clipped(graph: Graph) -> str:
    """The graph's lines, those near the present state when there are many."""
    lines = [line if len(line) <= _COLUMNS else line[: _COLUMNS - 1] + "…" for line in graph.to_text().splitlines()]
    if len(lines) <= _LINES:
        return "\n".join(lines)
    here = next((n for n, line in enumerate(lines) if line == f"  ● {graph.current}"), 0)
    start = min(max(0, here - _LINES // 2), len(lines) - _LINES)
    end = start + _LINES
    above = [f"… {start:,} lines above"] if start else []
    below = [f"… {len(lines) - end:,} lines below"] if end < len(lines) else []
    return "\n".join([*above, *lines[start:end], *below])
