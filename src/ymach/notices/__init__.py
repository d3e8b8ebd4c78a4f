"""What a person or a unit must know: notices on their page, and letters by e-mail from an outbox that loses nothing."""
