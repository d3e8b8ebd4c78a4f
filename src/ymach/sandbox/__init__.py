"""Stand-ins of the partners: real servers with the partners' contracts, which fail on demand."""
