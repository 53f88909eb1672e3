"""What a thing is, for whoever reads of it: its title, its address, and whose it is.

Knows nothing of what happened to it, nor of what is told.
"""
