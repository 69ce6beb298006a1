"""What the server says, one file per family of lines: each changes the model."""
