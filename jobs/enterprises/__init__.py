"""Which enterprise a fact is about, and why, or that we do not know."""
