"""Serving: what consumers read. Staging, difference, files, channel views, withdrawals."""
