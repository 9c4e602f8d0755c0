"""From rows as received to facts, events, their lives and the files they make; never judgements."""
