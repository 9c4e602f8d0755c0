"""`python -m sample.matching --to DIR --seed N`: writes the world that matching is measured by."""

import argparse
import sys
from pathlib import Path

from sample.matching import generate


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sample.matching",
        description="Writes DIR/index.parquet, DIR/records.parquet and DIR/truth.parquet of a synthetic world; with --night 2 "
        "those of a second night of the same world beside them, index_night2.parquet and so on.",
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--seed", type=int, required=True, help="another seed is another world")
    parser.add_argument("--enterprises", type=int, default=100_000, help="enterprises of the index (default 100000)")
    parser.add_argument("--records", type=int, default=1_000_000, help="records of the first night (default 1000000)")
    parser.add_argument("--night", type=int, choices=(1, 2), default=1, help="2: a tenth as many new records, a grown index")
    given = parser.parse_args()
    try:
        generate(given.to, given.seed, given.enterprises, given.records, given.night)
    except ValueError as error:
        print(f"sample.matching: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
