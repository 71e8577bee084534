"""Measurements of the whole program on one machine: ``python -m bench``; the figures go to docs/performance.md."""
