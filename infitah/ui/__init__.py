"""How Infitah looks: the base page, components, styles, scripts, icons, charts and maps.

Knows the tools of lib only.
"""
