"""What follows from a finding: policy rows with effective dates, kept as data and read by a pure rule."""
