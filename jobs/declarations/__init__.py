"""Settings and every YAML declaration of the product, as checked models."""
from jobs.declarations.files import DeclarationError, known
from jobs.declarations.load import Declarations, cleaner, load

__all__ = ["DeclarationError", "Declarations", "cleaner", "known", "load"]
