"""The register: the country, its regions, provinces and communes, with names, census and outline.

Knows nothing of members or programmes.
"""
