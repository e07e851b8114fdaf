"""Geometry of what is drawn as SVG: plain numbers, without a request, a query or a colour."""
