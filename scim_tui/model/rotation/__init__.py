"""The state machine of a rotation: pure, without I/O."""
