"""The `ymach` command: parse, call, print."""
