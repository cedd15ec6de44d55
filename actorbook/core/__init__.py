"""The machine: processes, mailboxes, signals, timers and names. It knows no behaviour and no notebook."""
