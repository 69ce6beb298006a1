"""The servers that `chat-bench compare` measures side by side, a file each, every limit lifted."""
