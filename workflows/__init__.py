"""Temporal workflows: deterministic, they import the domain only."""
