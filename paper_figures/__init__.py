"""How results look: figures drawn from stored results, one file each."""
