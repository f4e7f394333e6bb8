"""Measurements of the program, with peers beside it: `python -m bench`. Method and results: docs/performance.md."""
