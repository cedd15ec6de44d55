"""`ab.web`: what several people look at together, as in Phoenix. Topics over all nodes, who is there, and channels.

Loaded when it is first used. PubSub, Presence and the channels themselves need the standard library only; an endpoint
that serves needs `pip install actorbook[web]`.
"""

from ..behaviours.results import NoReply, Stop
from . import testing
from .broadcast import Broadcast
from .channel import Channel, on
from .endpoint import Endpoint
from .messages import Answer, Message
from .presence import Presence
from .pubsub import PubSub
from .results import Reply
from .speaking import broadcast, broadcast_from, now, push, reply, socket_ref
from .state import SocketState
from .token import Token
from .tracker import Tracker
from .user_socket import Socket

__all__ = [
    "Answer",
    "Broadcast",
    "Channel",
    "Endpoint",
    "Message",
    "NoReply",
    "Presence",
    "PubSub",
    "Reply",
    "Socket",
    "SocketState",
    "Stop",
    "Token",
    "Tracker",
    "broadcast",
    "broadcast_from",
    "now",
    "on",
    "push",
    "reply",
    "socket_ref",
    "testing",
]
