"""Every change of the tables since the first, in order; forward only, for a step back is a restore."""
