"""The page that a night keeps of how well it matched, asked for later."""
from __future__ import annotations

from argparse import Namespace
from pathlib import Path


def kept_at(folder: Path, lang: str) -> Path:
    """Where the page stands beside the files of a release."""
    return folder / f"matching.{lang}.html"


def quality(arguments: Namespace) -> None:
    """How well the last night matched, or that of a release: the page that it kept, written into a folder."""
    from jobs.answers import releases
    from jobs.declarations import DeclarationError
    from jobs.declarations.settings import settings
    from jobs.stores import database
    from jobs.stores.ledger import Ledger

    chosen = settings()
    database.up(chosen)
    with database.engine(chosen).connect() as connection:
        release = releases.found(Ledger(connection), arguments.release or "last")
    page = kept_at(chosen.home / "releases" / release["release_id"], arguments.lang)
    if not page.exists():
        raise DeclarationError(f"release {release['release_id']} keeps no page of its matching ({page}): it was made before "
                               "pages were kept, or its files are gone; the next night keeps one")
    arguments.to.mkdir(parents=True, exist_ok=True)
    to = arguments.to / f"matching-{release['as_of']}-{release['sequence']}.{arguments.lang}.html"
    to.write_bytes(page.read_bytes())
    print(to)
