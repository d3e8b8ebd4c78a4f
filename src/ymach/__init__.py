"""Ymạch: the national registry of medical practice and the exchange of health records. Start at ARCHITECTURE.md."""

__version__ = "0.1.0"
