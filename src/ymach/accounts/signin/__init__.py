"""Signing in: how often something may be tried, who must have a second factor, whose account a VNeID belongs to."""
