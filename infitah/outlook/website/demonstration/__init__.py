"""What `make demo` plays, through the public actions and in the order of time: one commune in depth, forty others in
passing, and the real plans with their sources. Everything invented is marked as a demonstration."""
