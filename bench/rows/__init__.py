"""The rows of the table, in their order. A new one is a `Row` in one of these files and a line in the docs."""

from bench.frame import Row
from bench.ground import Ground
from bench.peers import Peer
from bench.rows import answers, hooks, quiet, receipts, sends

SERVICE: tuple[Row[Ground], ...] = (*quiet.ROWS, *answers.ROWS, *sends.ROWS, *receipts.ROWS)
PEERS: tuple[Row[Peer], ...] = hooks.ROWS
