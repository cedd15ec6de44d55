"""`ab.statem`: what the states of a `GenStateMachine` hear and return, and how the machine is drawn.

Events (`Event`), results (`NextState`, `KeepState`, `RepeatState`, `Stop`), actions (`Reply`, `Postpone`, `NextEvent`,
`StateTimeout`, `EventTimeout`, `Timeout`, `Cancel`, `Update`, `Hibernate`, `ChangeModule`, `PushModule`, `PopModule`),
and `graph`. They have a module of their own because a machine's `Reply`, `Stop` and `Timeout` are not a server's.
"""

from .graph import Graph, Transition, graph
from .values import (
    Cancel,
    ChangeModule,
    Event,
    EventTimeout,
    Hibernate,
    KeepState,
    NextEvent,
    NextState,
    PopModule,
    Postpone,
    PushModule,
    RepeatState,
    Reply,
    StateTimeout,
    Stop,
    Timeout,
    Update,
)

__all__ = [
    "Cancel",
    "ChangeModule",
    "Event",
    "EventTimeout",
    "Graph",
    "Hibernate",
    "KeepState",
    "NextEvent",
    "NextState",
    "PopModule",
    "Postpone",
    "PushModule",
    "RepeatState",
    "Reply",
    "StateTimeout",
    "Stop",
    "Timeout",
    "Transition",
    "Update",
    "graph",
]
