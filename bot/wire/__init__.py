"""Meta's side: what comes in, what goes out, and what its errors mean."""
