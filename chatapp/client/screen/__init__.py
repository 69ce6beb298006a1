"""The terminal screen: a picture of the model, and the keys; nobody but this package knows prompt_toolkit."""
