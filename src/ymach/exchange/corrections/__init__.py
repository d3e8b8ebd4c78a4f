"""What becomes of a dossier after its receipt: amended by a decision or by the registry, cancelled by its facility.

The first receipt is never touched: what is said later is signed again and kept beside it.
"""
