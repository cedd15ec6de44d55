"""actorbook: live actor systems with the semantics of Erlang/OTP, in a notebook.

The layers, each importing only from those below:

    notebook     %actor magics and the live widget (imported only by %load_ext actorbook)
    examples     whole programs
    web          publish and subscribe over all nodes, who is there
    cluster      nodes and the network between them, process groups, cluster-wide names
    observe      recorder, snapshot: what is going on, as data
    behaviours   GenServer, GenStateMachine, Task, Agent, Registry, the supervisors, sys
    core         processes, mailboxes, links, monitors, timers, names

Everything a user needs is here: `import actorbook as ab`.
"""

from typing import TYPE_CHECKING, Any

from . import observe
from ._version import __version__
from .behaviours import sys
from .behaviours.admin import ChildInfo
from .behaviours.child_spec import ChildSpec
from .behaviours.gen_server import GenServer
from .behaviours.methods import call, cast
from .behaviours.protocol import Caller
from .behaviours.results import Continue, Fail, Hibernate, Ignore, NoReply, Reply, Stop, Timeout
from .behaviours.stopping import stop
from .behaviours.supervisor import Supervisor
from .core.context import (
    flush,
    is_alive,
    process_info,
    receive,
    register,
    self_,
    send,
    send_after,
    sleep,
    spawn,
    start_timer,
    unregister,
    whereis,
)
from .core.errors import (
    AlreadyRegisteredError,
    AlreadyTrackedError,
    CallExit,
    ChildSpecError,
    Exit,
    InternalError,
    MailboxFullError,
    MessageError,
    NameTakenError,
    NoNodeError,
    NoPresenceError,
    NoProcessError,
    PausedError,
    PoolFullError,
    StartError,
    SupervisorError,
    SysError,
    TelemetryError,
    TokenError,
    UnknownKeyError,
    UnknownNameError,
)
from .core.ids import Pid, Ref
from .core.isolation import share
from .core.mailbox import Mailbox
from .core.messages import DOWN, EXIT
from .core.node import Node
from .core.reasons import Crash
from .core.relations import alias, demonitor, exit, flag, link, monitor, unalias, unlink
from .core.timers import Timer

if TYPE_CHECKING:  # loaded when they are first used, see below
    from . import web
    from .behaviours import statem
    from .behaviours.agent import Agent
    from .behaviours.dynamic_supervisor import DynamicSupervisor
    from .behaviours.partition_supervisor import PartitionSupervisor
    from .behaviours.registry import Registry
    from .behaviours.statem.machine import GenStateMachine
    from .behaviours.task import Task
    from .behaviours.task_supervisor import TaskSupervisor
    from .cluster import names, pg
    from .cluster.cluster import Cluster
    from .cluster.cluster_singleton import ClusterSingleton
    from .cluster.cluster_supervisor import ClusterSupervisor
    from .cluster.membership import monitor_nodes, nodes
    from .cluster.pool import Pool
    from .cluster.router import Router
    from .core import telemetry
    from .core.offer import offer
    from .core.pause import continue_, pause, paused, step

__all__ = [
    "DOWN",
    "EXIT",
    "Agent",
    "AlreadyRegisteredError",
    "AlreadyTrackedError",
    "CallExit",
    "Caller",
    "ChildInfo",
    "ChildSpec",
    "ChildSpecError",
    "Cluster",
    "ClusterSingleton",
    "ClusterSupervisor",
    "Continue",
    "Crash",
    "DynamicSupervisor",
    "Exit",
    "Fail",
    "GenServer",
    "GenStateMachine",
    "Hibernate",
    "Ignore",
    "InternalError",
    "Mailbox",
    "MailboxFullError",
    "MessageError",
    "NameTakenError",
    "NoNodeError",
    "NoPresenceError",
    "NoProcessError",
    "NoReply",
    "Node",
    "PartitionSupervisor",
    "PausedError",
    "Pid",
    "Pool",
    "PoolFullError",
    "Ref",
    "Registry",
    "Reply",
    "Router",
    "StartError",
    "Stop",
    "Supervisor",
    "SupervisorError",
    "SysError",
    "Task",
    "TaskSupervisor",
    "TelemetryError",
    "Timeout",
    "Timer",
    "TokenError",
    "UnknownKeyError",
    "UnknownNameError",
    "__version__",
    "alias",
    "call",
    "cast",
    "continue_",
    "demonitor",
    "exit",
    "flag",
    "flush",
    "is_alive",
    "link",
    "load_ipython_extension",
    "monitor",
    "monitor_nodes",
    "names",
    "nodes",
    "observe",
    "offer",
    "pause",
    "paused",
    "pg",
    "process_info",
    "receive",
    "register",
    "self_",
    "send",
    "send_after",
    "share",
    "sleep",
    "spawn",
    "start_timer",
    "statem",
    "step",
    "stop",
    "sys",
    "telemetry",
    "unalias",
    "unlink",
    "unload_ipython_extension",
    "unregister",
    "web",
    "whereis",
]

Node.watch = staticmethod(observe.Recorder)  # every node keeps the bounded log of lifecycle events


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext actorbook`: start the node on the kernel's loop and register the magics."""
    from importlib import import_module

    import_module("actorbook.notebook.extension").load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """`%unload_ext actorbook`: undo it all; no task, thread or timer stays behind."""
    from importlib import import_module

    import_module("actorbook.notebook.extension").unload(ipython)


_LATER = {
    "Agent": ".behaviours.agent",
    "Cluster": ".cluster.cluster",
    "ClusterSingleton": ".cluster.cluster_singleton",
    "ClusterSupervisor": ".cluster.cluster_supervisor",
    "DynamicSupervisor": ".behaviours.dynamic_supervisor",
    "GenStateMachine": ".behaviours.statem.machine",
    "PartitionSupervisor": ".behaviours.partition_supervisor",
    "Pool": ".cluster.pool",
    "Registry": ".behaviours.registry",
    "Router": ".cluster.router",
    "Task": ".behaviours.task",
    "TaskSupervisor": ".behaviours.task_supervisor",
    "monitor_nodes": ".cluster.membership",
    "nodes": ".cluster.membership",
    "continue_": ".core.pause",
    "offer": ".core.offer",
    "pause": ".core.pause",
    "paused": ".core.pause",
    "step": ".core.pause",
}
_MODULES = {
    "notebook": ".notebook",
    "statem": ".behaviours.statem",
    "telemetry": ".core.telemetry",
    "names": ".cluster.names",
    "pg": ".cluster.pg",
    "web": ".web",
}


def __getattr__(name: str) -> Any:
    """What not every program needs is imported when it is first asked for, so that `import actorbook` is quick."""
    from importlib import import_module

    if name in _MODULES:
        value: Any = import_module(_MODULES[name], __name__)
    elif name in _LATER:
        value = getattr(import_module(_LATER[name], __name__), name)
    else:
        raise AttributeError(f"module 'actorbook' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
