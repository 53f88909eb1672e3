"""Infitah: the platform of a national network of open local governments."""
