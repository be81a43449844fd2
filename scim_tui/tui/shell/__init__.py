"""What every screen has: frame, key line, actions, help, the command line."""
