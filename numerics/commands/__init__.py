"""The commands of `python -m numerics`, one file a matter: what is asked for, and how it is answered."""
