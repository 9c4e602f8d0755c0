"""What people ask: summaries, explanations, queries, descriptions; read from the stores, never written."""
