"""A referral from the moment it is sent to the answer read by who sent it.

    sent → seen → accepted | declined → arrived → answered → closed          withdrawn by the sender, while it is open

The row is written in the transaction that stores the record; every move is one transaction with a step, an event in the
sender's journal and a notice to the other side.
"""
