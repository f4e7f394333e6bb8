"""Where the outside comes in: the doors read the clock, open a session, call one room, commit and ring."""
