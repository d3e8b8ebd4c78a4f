"""The day's close: what a facility or a partner holds against what the exchange holds, file by file."""
