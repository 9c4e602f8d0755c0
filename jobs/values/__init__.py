"""Pure cleaners of single values: `CLEANERS` by the names that `fields.yml` uses, `REASONS` by reason code."""

from jobs.values import codes, dates, decisions, misread, money, names, persons, regions, text

_MODULES = (codes, names, dates, money, decisions, regions, text, misread, persons)

CLEANERS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": getattr(module, name) for module in _MODULES for name in module.CLEANERS
}
REASONS = {reason: sentences for module in _MODULES for reason, sentences in module.REASONS.items()}
