"""Behaviours: servers, supervisors, and what they are made of."""
