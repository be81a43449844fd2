"""What an operator can do, as async methods that the screens and the command line call."""
