"""What our own rules conclude from facts; facts and enterprises never import this room (design law 1)."""
