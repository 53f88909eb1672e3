"""The floor of what stands whether or not anyone participates."""
