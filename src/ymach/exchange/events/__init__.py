"""What happened to submissions, as one numbered stream without personal data: asked for, and sent by itself."""
