"""People, and who may do what where.

Knows territories; knows nothing of what people do.
"""
