"""A stand-in for Meta's Cloud API and for people's phones, over HTTP on loopback."""
