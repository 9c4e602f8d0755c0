"""Expectation suites run by Great Expectations over what a stage wrote; what comes out are row keys, never values."""
