"""Settings and every YAML declaration of the product, as checked models."""
from jobs.declarations.load import DeclarationError, Declarations, cleaner, known, load

__all__ = ["DeclarationError", "Declarations", "cleaner", "known", "load"]
