"""A member's programme: cycle, axes, phases, committee.

Knows nothing of ideas or of any later stage.
"""
