"""Data Docs: static pages of a night's checks, built by the library's own site builder from results that hold keys alone."""
from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.stores.checks import engine
from jobs.stores.checks.results import CheckResult

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

SITE = "checks"
# The library's pages load styles, scripts and pictures from strangers' hosts; ours are read without a network, and tell nobody.
FOREIGN = re.compile(r"(?is)<(script|style|footer)\b.*?</\1>|<nav\b[^>]*navbar.*?</nav>|<(link|img)\b[^>]*>")
RANDOM = re.compile(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # in the names of foldable blocks
LISTING = re.compile(r"<table[^>]*ge-index-page-validation-results-table[^>]*>\s*</table>")
STYLE = """<style>
body {font-family: sans-serif; margin: 2em} table {border-collapse: collapse}
td, th {border: 1px solid #ccc; padding: .3em .6em; text-align: left} button, .modal, [id*=newsletter] {display: none}
.fa-check-circle::before {content: "✓"} .fa-times::before {content: "✗"} .fa-exclamation-triangle::before {content: "⚠"}
</style></head>"""


def write(results: dict[str, list[CheckResult]], folder: Path, known_at: datetime) -> int:
    """Writes the pages of these suites below `folder`, `index.html` first; the number of suites shown."""
    context = engine.context()
    context.add_data_docs_site(SITE, {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": {
        "class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}})
    keys = [stored(suite, found, known_at) for suite, found in sorted(results.items())]
    try:
        context.build_data_docs(site_names=[SITE])
    finally:
        context.delete_data_docs_site(SITE)
        for key in keys:
            context.validation_results_store.remove_key(key)
    for page in folder.rglob("*.html"):
        page.write_text(own(page.read_text(encoding="utf-8"), listing(results, folder)), encoding="utf-8")
    shutil.rmtree(folder / "static")  # fonts and pictures, 4 MB a night
    return len(keys)


def own(page: str, listed: str) -> str:
    """The page without what it would load from elsewhere, the same on every writing, in a plain style of its own."""
    plain = LISTING.sub(lambda _: listed, FOREIGN.sub("", RANDOM.sub("", page)))
    return plain.replace("</head>", STYLE, 1)


def listing(results: dict[str, list[CheckResult]], folder: Path) -> str:
    """A link to the page of each suite: the library draws this table with a script."""
    rows = []
    for page in sorted((folder / "validations").rglob("*.html")):
        found = results[page.stem]
        met = sum(result.success for result in found)
        rows.append(f'<tr><td><a href="{page.relative_to(folder)}">{page.stem}</a></td><td>{met} of {len(found)} hold</td></tr>')
    return f"<table><tr><th>suite</th><th>expectations</th></tr>{''.join(rows)}</table>"


def stored(suite: str, results: list[CheckResult], known_at: datetime) -> Any:
    """Hands the suite's results to the library's store in memory; the key they have there."""
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import ExpectationSuiteIdentifier, ValidationResultIdentifier

    run = RunIdentifier(run_name="night", run_time=known_at)
    key = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite), run, suite)
    engine.context().validation_results_store.set(key, of_suite(suite, results, run))
    return key


def of_suite(suite: str, results: list[CheckResult], run: Any) -> ExpectationSuiteValidationResult:
    from great_expectations.core import ExpectationSuiteValidationResult

    met = sum(result.success for result in results)
    return ExpectationSuiteValidationResult(
        success=met == len(results), suite_name=suite, results=[of_one(result) for result in results], meta={"run_id": run},
        statistics={"evaluated_expectations": len(results), "successful_expectations": met,
                    "unsuccessful_expectations": len(results) - met, "success_percent": 100 * met / len(results)})


def of_one(result: CheckResult) -> ExpectationValidationResult:
    """The result as the library renders it: of rows, their number and their keys."""
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    return ExpectationValidationResult(
        success=result.success, result={} if result.success else {"observed_value": told(result)}, meta={},
        expectation_config=ExpectationConfiguration(
            type=result.expectation, kwargs=dict(result.arguments), notes=result.because),
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None})


def told(result: CheckResult) -> str:
    """How many rows break the expectation, their keys, and what that means."""
    keys = "; ".join(" ".join(f"{name}={value}" for name, value in key.items()) for key in result.keys)
    count = f"{result.unexpected_count} rows" if result.unexpected_count else "the table as a whole"
    return f"{result.severity}: {count}{': ' if keys else ''}{keys}. {result.because}"
