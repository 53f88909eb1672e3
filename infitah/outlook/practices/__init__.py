"""Cases worth sharing, born from a finished project and adapted elsewhere.

Reads the journey; what an adaptation begins there is a project like any other.
"""
