"""The rules: who is here, who may, who hears. No socket, no database, no clock and no dice."""
