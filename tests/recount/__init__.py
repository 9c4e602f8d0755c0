"""Every figure of scorecards and bulletins once more in plain Python, from the sample's truth and the files it sent; nothing here
imports what counts in the product."""
