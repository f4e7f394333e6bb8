"""What is said, as values.

THE LAW of this folder: values only. No I/O, no clock, no database, no globals that change. A handler takes an
`Event` and a `ContactView` and returns replies and effects; whatever happens because of it happens elsewhere.
"""
