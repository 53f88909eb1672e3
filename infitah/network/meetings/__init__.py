"""Workshops, trainings and meetings: when, where, and whether they inform, consult or decide.

Knows nothing of what comes out of them.
"""
