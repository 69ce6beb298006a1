"""chat-bench: a load generator for any IRC server; shares the language with chatapp and nothing else."""
