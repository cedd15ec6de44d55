"""Nodes and what is between them: the simulated cluster, process groups, names that are known everywhere."""
