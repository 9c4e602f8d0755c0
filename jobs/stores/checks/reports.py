"""What is said of check results: which deliveries they hold, what stops the release and why, the whole of a night."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from jobs.declarations.policies import Suite
from jobs.stores.checks.results import CheckResult

if TYPE_CHECKING:
    from jobs.stores.ledger import Ledger

SHOWN = 5  # row keys in a message; the ledger has more

# Back from a run along the inputs of the runs it stands on, each the last that passed on the same inputs; standardise, which
# adds nothing to that chain, is the last one of the same night.
NIGHT = """
    with recursive chain as (
      (select run_id, inputs, as_of, known_at from ledger.runs where inputs_hash = :inputs_hash
       order by started_at desc, run_id desc limit 1)
      union all
      select before.* from chain cross join lateral (
        select r.run_id, r.inputs, r.as_of, r.known_at from ledger.runs r join ledger.run_results s using (run_id)
        where r.inputs_hash = chain.inputs->>'before' and s.run_status = 'passed'
        order by s.finished_at desc, r.run_id desc limit 1) before),
    night as (
      select run_id from chain
      union
      (select r.run_id from ledger.runs r join ledger.run_results s using (run_id)
       where r.stage = 'standardise' and s.run_status = 'passed'
         and (r.as_of, r.known_at) in (select as_of, known_at from ledger.runs where inputs_hash = :inputs_hash)
       order by s.finished_at desc, r.run_id desc limit 1))
    select c.* from ledger.check_results c join night using (run_id) order by c.suite, c.position"""


def failed(results: list[CheckResult], severity: str) -> list[CheckResult]:
    return [result for result in results if not result.success and result.severity == severity]


def held(results: list[CheckResult]) -> dict[str, str]:
    """For each delivery that an expectation of severity `fail` names: what it did not meet, and why that stands."""
    reasons: dict[str, list[str]] = {}
    for result in failed(results, "fail"):
        for key in result.keys:
            reasons.setdefault(key["delivery_id"], []).append(f"{result.told}: {result.because}")
    return {delivery: "; ".join(told) for delivery, told in sorted(reasons.items())}


def warnings(results: list[CheckResult]) -> list[str]:
    return [f"warn {result.suite}: {result.told}: {counted(result)}; {result.because}" for result in failed(results, "warn")]


def stopping(results: list[CheckResult], suites: Mapping[str, Suite]) -> list[CheckResult]:
    """The failures that stop a release; those over deliveries hold them instead."""
    return [result for result in failed(results, "fail") if suites[result.suite].engine != "metrics"]


def counted(result: CheckResult) -> str:
    """How many rows, and the first of them."""
    if not result.keys:
        return f"{result.unexpected_count} rows" if result.unexpected_count else "of the table as a whole"
    first = "; ".join(" ".join(f"{name}={value}" for name, value in key.items()) for key in result.keys[:SHOWN])
    return f"{result.unexpected_count} rows, first {first}"


def message(stage: str, as_of: date, results: list[CheckResult], stopping: list[CheckResult]) -> str:
    """Everything a person needs to go on, on one screen."""
    lines = [f"{len(stopping)} of {len(results)} expectations after {stage} failed, so that nothing of this night is published; "
             "the last release stands, withdrawals take effect."]
    for result in stopping:
        lines += [f"  {result.suite}: {result.told}", f"      found      {counted(result)}", f"      because    {result.because}",
                  f"      declared   expectations/{result.suite}.yml, expectation {result.position}"]
    lines.append(f"  When the cause is gone: python -m jobs night --as-of {as_of}")
    return "\n".join(lines)


def of_night(ledger: Ledger, inputs_hash: str, suites: Mapping[str, Suite]) -> dict[str, list[CheckResult]]:
    """The check results of a run and of the runs it stands on, by suite; arguments as declared, which the inputs hash covers."""
    found: dict[str, list[CheckResult]] = {}
    for row in ledger.rows(NIGHT, inputs_hash=inputs_hash):
        arguments = suites[row["suite"]].expectations[row["position"]].arguments
        kept = {name: value for name, value in row.items() if name not in ("run_id", "keys")}
        found.setdefault(row["suite"], []).append(CheckResult(**kept, arguments=arguments, keys=tuple(row["keys"])))
    return found
