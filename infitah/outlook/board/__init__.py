"""The national team's view of all members, and its announcements to some of them.

No ranking: who is late, who asked for help, whom to call.
"""
