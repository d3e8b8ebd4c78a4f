"""Pages: parse, ask, call one action, render."""
