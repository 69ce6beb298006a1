"""What can be said about a server before it starts and while it runs: findings, each with what to do."""
