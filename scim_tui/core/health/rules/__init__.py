"""The rules of a verdict, a file for each thing that is watched. Pure: no I/O."""
