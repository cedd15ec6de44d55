"""The machine: processes, mailboxes, signals, timers and names. It knows no behaviour, no notebook and no network."""
