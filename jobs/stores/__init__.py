"""The only room that reads or writes anything: lake, objects, database, ledger, serving."""
