"""`ab.web`: what several people look at together, as in Phoenix. Topics over all nodes, and who is there.

Loaded when it is first used; it needs the standard library only.
"""

from .broadcast import Broadcast
from .presence import Presence
from .pubsub import PubSub
from .tracker import Tracker

__all__ = ["Broadcast", "Presence", "PubSub", "Tracker"]
