"""The nightly pipeline from files as received to a published release; the rooms are described in README.md."""
