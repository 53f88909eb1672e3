"""What to do next, for those who run a programme.

Reads all stages; each deed is done in its own room.
"""
