"""What networks compute, by NumPy in Float64, and random networks to compare that with."""
