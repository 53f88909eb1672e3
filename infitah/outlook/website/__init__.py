"""The front of the house: home, search, legal pages, commands.

Is imported by nobody.
"""
