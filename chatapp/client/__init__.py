"""The terminal client: shares the language of the protocol with the server, and nothing else."""
