"""chat-client without a person: say something and leave, or print what was said."""
