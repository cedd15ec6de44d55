"""`ab.observe`: what is going on, as data. It reads the runtime's own tables and messages no process."""

from .lag import Lag, lag
from .recorder import Event, Events, Recorder, events, recorder_of
from .snapshot import Tree, tree

__all__ = ["Event", "Events", "Lag", "Recorder", "Tree", "events", "lag", "recorder_of", "tree"]
