"""The national population database: does this number belong to this person? Answers are kept with time and source."""
