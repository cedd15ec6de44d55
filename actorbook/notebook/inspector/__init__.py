"""What each tab of the inspector gets of a process: plain data for the wire, read from the runtime's own tables."""
