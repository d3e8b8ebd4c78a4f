"""People who practise: licences, suspensions, practice registrations, and their standing at a moment."""
