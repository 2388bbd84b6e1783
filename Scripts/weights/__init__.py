"""Weights in the project's names and layouts: seeded ones, converted ones, and Keras's opinion of them."""
