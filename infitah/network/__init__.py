"""The floor of what members share."""
