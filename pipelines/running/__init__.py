"""Runs: what was read and extracted before, what is done now, who may run, and what came of it.

``run`` does the work and knows no Dagster; ``definitions`` (beside this room) and ``history`` do. ``guards`` keeps one bad text
from costing others.
"""
