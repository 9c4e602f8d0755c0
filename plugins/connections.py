"""What a feed's connection is, for the command that lands it: a variable of its environment, or an Airflow connection."""
from __future__ import annotations

import os
from urllib.parse import quote, urlencode

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret

from jobs.declarations.transports import variable_of

SCHEMES = {"postgres": "postgresql", "ssh": "sftp", "aws": "https", "generic": "https"}


def environment(name: str | None) -> dict[str, str]:
    """The variable that the command reads; none where it is set already, or nobody knows it: the command says what is missing."""
    if name is None or (variable := variable_of(name)) in os.environ:
        return {}
    try:
        found = Connection.get(name)
    except AirflowNotFoundException:
        return {}
    address = spelled(found)
    mask_secret(address)
    return {variable: address}


def spelled(found: Connection) -> str:
    """The connection as an address: `schema` is the database of a database and the scheme of an API, extras are options."""
    kind = found.conn_type or "generic"
    options = dict(found.extra_dejson)
    scheme, host = SCHEMES.get(kind, kind), found.host or ""
    if kind in ("aws", "generic") and "endpoint_url" in options:
        host = options.pop("endpoint_url")
    if "://" in host:
        scheme, host = host.split("://", 1)
    elif kind == "http" and found.schema in ("http", "https"):
        scheme = found.schema
    path = f"/{quote(found.schema, safe='')}" if found.schema and scheme not in ("http", "https", "sftp") else ""
    host, slash, rest = host.partition("/")
    who = f"{quote(found.login or '', safe='')}:{quote(found.password or '', safe='')}@" if found.login or found.password else ""
    port = f":{found.port}" if found.port else ""
    told = {name.replace("region_name", "region"): str(value) for name, value in options.items()}
    return f"{scheme}://{who}{host}{port}{slash}{rest}{path}" + (f"?{urlencode(told)}" if told else "")
