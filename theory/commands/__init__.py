"""The commands of `python -m theory`, one file a matter: what is asked for, and how it is answered."""
