"""What the law on personal data asks to be kept: incidents, the register of processing, the impact assessment."""
