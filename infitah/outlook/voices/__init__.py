"""The public page of an organisation: what it is, where it sits, and all that was given in its name.

Reads all stages; writes nothing.
"""
