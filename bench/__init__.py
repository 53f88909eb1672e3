"""What Infitah takes, in milliseconds, queries, megabytes: `make bench`.

It makes a database of its own, and removes it.
"""
