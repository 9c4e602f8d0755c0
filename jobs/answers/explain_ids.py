"""What an id that is asked about stands for, whole or by its beginning: the kind of thing and its id."""
from __future__ import annotations

from jobs.answers.arrived import FEW, UnknownDelivery, arrived
from jobs.declarations import DeclarationError
from jobs.stores.ledger import Ledger

KINDS = ("an enterprise (enterprise_id, credit code, other registered number, or exact name), an event (event_id or event_key), "
         "a fact or its link (fact_id), a review (review_id), a finding (finding_id), a grade (enterprise_id/scheme), "
         "a list entry (entry_id), a delivery (delivery_id); of an id its beginning is enough where no other begins so")
SHORTEST = 6  # characters that may stand for a whole id

# What an id may be, the first that finds something; each gives the ids it stands for.
WHOLE = {
    "enterprise": """
        select enterprise_id as id from credit.enterprises where :id in (enterprise_id, credit_code)
        union select enterprise_id from credit.enterprise_referents where referent_id = :id
        union select enterprise_id from credit.identifiers where value = :id
        union select enterprise_id from credit.names where name = :id""",
    "event": "select event_id as id from credit.events where :id in (event_id, event_key)",
    "fact": """
        select fact_id as id from credit.links where fact_id = :id
        union select fact_id from credit.review_queue where review_id = :id""",
    "finding": "select finding_id as id from credit.findings where finding_id = :id",
    "list_entry": "select entry_id as id from credit.list_entries where entry_id = :id",
    "grade": "select enterprise_id || '/' || scheme as id from credit.grades where enterprise_id || '/' || scheme = :id",
}
BEGINNINGS = """
    select 'enterprise' as kind, enterprise_id as id from credit.enterprises where starts_with(enterprise_id, :id)
    union select 'event', event_id from credit.events where starts_with(event_id, :id)
    union select 'fact', fact_id from credit.links where starts_with(fact_id, :id)
    union select 'fact', fact_id from credit.review_queue where starts_with(review_id, :id)
    union select 'finding', finding_id from credit.findings where starts_with(finding_id, :id)
    union select 'list_entry', entry_id from credit.list_entries where starts_with(entry_id, :id)
    union select 'delivery', delivery_id from ledger.deliveries where starts_with(delivery_id, :id)
    order by kind, id"""


class UnknownId(DeclarationError):
    """An id that nothing served bears, or that several things begin with. Exit code 2."""


def meant(ledger: Ledger, id: str) -> list[tuple[str, str]]:
    """The kind and the ids that this one stands for in the last release; else the delivery, which the ledger knows before any
    release. Raises UnknownId."""
    id = id.rstrip("…")  # as a table cuts it
    released = ledger.rows("select 1 from credit.releases where release_status = 'served' limit 1")
    if released and (served := whole(ledger, id) or begun(ledger, id)):
        return served
    try:
        return [("delivery", arrived(ledger, id)["delivery_id"])]
    except UnknownDelivery as error:
        why = "is not in the last release" if released else "is no delivery, and nothing else is released yet"
        raise UnknownId(f"{id!r} {why}; what can be explained: {KINDS}; {error}") from error


def whole(ledger: Ledger, id: str) -> list[tuple[str, str]]:
    for kind, sql in WHOLE.items():
        if rows := ledger.rows(f"{sql} order by 1", id=id):
            return [(kind, row["id"]) for row in rows]
    return []


def begun(ledger: Ledger, id: str) -> list[tuple[str, str]]:
    """The one thing whose id begins so, if any; raises UnknownId with those that do where they are several."""
    found = ledger.rows(BEGINNINGS, id=id) if len(id) >= SHORTEST else []
    if len(found) > 1:
        listed = ", ".join(f"{row['kind']} {row['id']}" for row in found[:FEW])
        more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
        raise UnknownId(f"{id!r} begins {len(found)} ids, say more of it: {listed}{more}")
    return [(row["kind"], row["id"]) for row in found]
