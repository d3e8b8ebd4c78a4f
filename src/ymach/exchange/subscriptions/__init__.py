"""Addresses of their own: systems that hear what happens, facilities that take referrals."""
