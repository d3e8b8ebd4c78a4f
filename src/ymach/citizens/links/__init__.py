"""One person under several identities: links with evidence, that can be undone, and how sure we are of each identity.

Records stay where they were written. Who reads a person's things asks `queries.identities_of` first.
"""
