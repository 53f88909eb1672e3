"""The competency pool: coaches, calls for help, and missions with a beginning and an end.

Knows nothing of what is done during a mission.
"""
