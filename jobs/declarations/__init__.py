"""Settings and every YAML declaration of the product, as checked models."""
from jobs.declarations.files import DeclarationError, among, known
from jobs.declarations.load import Declarations, load
from jobs.declarations.options import cleaner

__all__ = ["DeclarationError", "Declarations", "among", "cleaner", "known", "load"]
