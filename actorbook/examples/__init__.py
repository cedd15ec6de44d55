"""Whole programs to run and to read: `python -m actorbook.examples.chat`."""
