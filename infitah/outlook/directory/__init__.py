"""The directory of the members, and what each has done since it joined.

Only reads; it ranks nobody.
"""
