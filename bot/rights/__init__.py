"""What people may ask of us: the register of requests, erasure, export, retention, and the privacy journal."""
