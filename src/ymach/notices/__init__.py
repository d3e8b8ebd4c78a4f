"""What an account, a facility or a department is told, and the letters that leave by e-mail."""
