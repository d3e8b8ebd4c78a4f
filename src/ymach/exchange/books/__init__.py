"""The health book as its own person takes it along: episodes in full, prescriptions as they stand, a summary, a sealed paper.

What may be seen was decided and written to the journal before (`exchange.reading.gate`); nothing here decides.
"""
