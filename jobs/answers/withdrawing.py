"""A withdrawal that a person types, and what it met."""
from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from jobs.answers.layout import SHANGHAI
from jobs.declarations import DeclarationError
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.serving.withdrawals import WithdrawalRefused, served_events
from jobs.stores.serving.withdrawals import withdraw as take_out


def withdraw(settings: Settings, asked: Namespace, now: datetime) -> str:
    """Whether it is out by this or was before, and how many events of the last release bear the key."""
    database.up(settings)
    with database.engine(settings).connect() as connection:
        try:
            new = take_out(connection, asked.event_key, asked.channel, asked.effective_on or now.astimezone(SHANGHAI).date(),
                           asked.because, asked.document, now, f"person:{asked.by}")
        except WithdrawalRefused as error:
            raise DeclarationError(str(error)) from error
        events = served_events(connection, asked.event_key)
    met = f"{events} events of the last release bear this key" if events else \
          "no event of the last release bears this key: was it mistyped? One that comes later will not be shown"
    return f"{'withdrawn' if new else 'it was withdrawn already'}\n{met}"
