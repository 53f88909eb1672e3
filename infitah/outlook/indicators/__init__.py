"""Every figure, defined once, computed from dated records.

Writes only its own snapshots.
"""
