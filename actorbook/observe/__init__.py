"""`ab.observe`: what is going on, as data. It reads the runtime's own tables and messages no process."""

from .recorder import Event, Events, Recorder, events, recorder_of
from .snapshot import Tree, tree

__all__ = ["Event", "Events", "Recorder", "Tree", "events", "recorder_of", "tree"]
