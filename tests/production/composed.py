"""docker-compose.yml as its containers see it."""
from __future__ import annotations

import re
from typing import Any

import yaml

from jobs.declarations.settings import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "CREDIT_HOME" in service.get("environment", {})]
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?}")


def given(environment: dict[str, Any], **secrets: str) -> dict[str, str]:
    """The variables as a container sees them, with a stand-in for each secret that is not told."""
    def told(found: re.Match[str]) -> str:
        return found[3] if found[2] == "-" else secrets.get(found[1], "stand-in-for-a-secret")

    return {key: VARIABLE.sub(told, str(value)) for key, value in environment.items()}
