"""What the registry says of past days may change; what was written on these days is then judged again.

A change of the registry with a back date (a suspension, a registration that ended earlier, a licence that was corrected)
is found in the history, the records by that person on these days by the index of authors, and each is judged as the
registry says now for its own moment. What comes out differently is amended and told; nothing is ever taken away by it.
"""
