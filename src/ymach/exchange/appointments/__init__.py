"""An appointment from the slip to the visit: planned, moved, come or missed, cancelled; the citizen is reminded before.

The row is written in the transaction that stores the record.
"""
