"""What an operator can do, as async verbs shared by the screens and the command line."""
