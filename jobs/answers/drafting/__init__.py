"""What a declaration of a feed may be, told from example files: proposed with its evidence, never guessed."""
