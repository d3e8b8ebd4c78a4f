"""Subscribers: whoever wants to hear what happens, at an address of their own."""
