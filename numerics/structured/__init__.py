"""Structured tickets: hidden channels kept or removed as a whole, nothing else, from networks of normal weights.

In a structured ticket the first random layer is block-masked (each hidden channel sees one input channel, through the identity), and of
the hidden channels some are removed entirely, with every weight that leads in or out. The vector of all second-layer weights of a kept
channel is added to what the ticket computes: random subset sums of vectors in place of numbers.
"""
