"""The JSON API: parse, ask, call one action, render."""
