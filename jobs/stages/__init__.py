"""The six stages of a night, each a table of contents, and the run that gives them their inputs and keeps what they made."""
