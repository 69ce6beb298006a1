"""What ``chat-server`` can do beside serving: one small module for each verb, all of them in `table`."""
