"""A world to measure matching by: an index of enterprises, records about them and others, and the truth; nothing in it is real.

Harder than the district of `sample`: brands drawn with the skew of real ones, siblings one word apart, the dirt of many organs.
"""

from pathlib import Path

from sample.matching.enterprises import World
from sample.matching.write import write_index, write_records

NIGHT_2_PART = 10  # a second night brings a tenth of the first
LEARNT_PART = 10  # of the unknown enterprises the index has learnt a tenth by then


def generate(to: Path, seed: int, enterprises: int = 100_000, records: int = 1_000_000, night: int = 1) -> None:
    """The files of a night under `to`: index, records and truth; those of night 2 bear its number and leave the first's alone."""
    to.mkdir(parents=True, exist_ok=True)
    world = World(seed, enterprises)
    learnt = world.unknown[: len(world.unknown) // LEARNT_PART] if night == 2 else []
    mark, known = "_night2" if night == 2 else "", [*world.known, *learnt]
    write_index(known, to / f"index{mark}.parquet")
    write_records(world, records, night, {one.truth_id for one in known}, to, mark)
