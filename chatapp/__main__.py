"""``python -m chatapp server|client|bench``: the same as the three commands."""

from chatapp.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
