"""Papers given with a request: what may come in, how it is made safe, who may see it."""
