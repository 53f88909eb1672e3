"""What became of a contribution: its receipt, its trail, its public page.

Reads all stages; writes nothing.
"""
