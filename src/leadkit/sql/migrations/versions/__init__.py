"""The steps. One that was released never changes: it speaks for itself, and knows nothing of the tables of today."""
