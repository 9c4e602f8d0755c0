"""Who the rows of a list are, by the index of a release: what is read, asked, answered and logged."""
