"""How the tables came to be what they are, step by step; Alembic walks them, and needs no file of settings."""
