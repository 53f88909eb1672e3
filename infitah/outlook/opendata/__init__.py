"""Every public data set, declared once: API, CSV, JSON.

Shows nothing personal.
"""
