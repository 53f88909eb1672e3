"""What is to be done in a programme and around it, by when, and why then.

Reads all stages; knows nobody's desk.
"""
