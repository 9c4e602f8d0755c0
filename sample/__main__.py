"""`python -m sample --to DIR`: writes the files of a synthetic district."""

import argparse
import sys
from datetime import date
from pathlib import Path

import sample


def aloud(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sample",
        description="Writes the files that the organs of a synthetic district deliver: DIR/inbox/<feed>/<file>, "
        "DIR/inbox/manifest.csv, and DIR/truth.csv and DIR/truth.jsonl, which tests alone read. "
        "The same arguments give the same bytes.",
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder to write to; its inbox is replaced")
    parser.add_argument("--seed", type=int, default=7, help="another seed is another district (default 7)")
    parser.add_argument("--enterprises", type=int, default=5000, help="enterprises in the registries (default 5000)")
    parser.add_argument(
        "--facts", type=int, help="rows in all, about; the more, the more of them are permits (default 10 an enterprise)"
    )  # fmt: skip
    parser.add_argument("--days", type=int, default=10, help="business days of deliveries (default 10)")
    parser.add_argument(
        "--last-day", type=date.fromisoformat, default=sample.LAST_DAY, metavar="DATE", help="their last (default 2026-11-20)",
    )  # fmt: skip
    parser.add_argument("--plant", action="store_true", help="plant personal data in every column and list it in DIR/planted.txt")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    try:
        totals = sample.generate(
            given.to, given.seed, given.enterprises, given.facts, given.days, given.last_day, given.plant, say=aloud
        )  # fmt: skip
    except ValueError as error:
        aloud(f"sample: {error}")
        return 2
    told = ", ".join(f"{count} {outcome or 'planted'}" for outcome, count in totals.most_common())
    aloud(f"{sum(totals.values())} rows: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
