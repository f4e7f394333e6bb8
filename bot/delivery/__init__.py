"""What goes out: staged in the outbox, judged at the gate, sent, and followed to its last receipt."""
