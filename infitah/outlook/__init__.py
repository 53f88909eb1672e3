"""The floor of reads everything, writes only its own."""
