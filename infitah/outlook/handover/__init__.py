"""All that a focal point hands over, on one page: tasks, people, dates, promises.

Reads what stands in the other rooms, and writes nothing; who takes over is named in the room of the members.
"""
