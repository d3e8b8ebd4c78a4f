"""Proxies: who may act for whom, and the papers that show it. Parents of children, guardians, mandates of the elderly."""
