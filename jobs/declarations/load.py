"""Every declaration read, checked against each other and digested; what is wrong is said with file, key, value seen and
values known."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from jobs.declarations import bounds, channels, reading
from jobs.declarations.catalogue import Catalogue, catalogue_faults
from jobs.declarations.crosswalks import Term, crosswalk_faults
from jobs.declarations.evidence_checks import evidence_faults
from jobs.declarations.feeds import Category, Earlier, Feed, FieldDeclaration
from jobs.declarations.files import DeclarationError, among, known, read_each, read_map, read_one
from jobs.declarations.items import Item, ItemList, item_faults
from jobs.declarations.matching import FOLDER, Indexing, index_faults
from jobs.declarations.options import gives, options_fit
from jobs.declarations.organs import Organ, organ_faults
from jobs.declarations.policies import Rule, Scheme, Suite, Survivorship
from jobs.declarations.policy_checks import policy_faults
from jobs.declarations.reasons import Reason, Slips, reason_faults
from jobs.declarations.regimes import Regime
from jobs.declarations.scorecards import Scorecards, scorecard_faults
from jobs.declarations.suite_words import with_words

TOLD = {"until", "because", "examples"}  # of every earlier version


@dataclass(frozen=True)
class Declarations:
    """Everything declared under one configuration folder, already checked against each other."""

    folder: Path
    fields: dict[str, FieldDeclaration]
    categories: dict[str, Category]
    feeds: dict[str, Feed]
    organs: dict[str, Organ]
    listed: ItemList
    catalogue: Catalogue
    list_terms: dict[str, Term]
    survivorship: Survivorship
    regimes: dict[str, Regime]
    rules: dict[str, Rule]
    schemes: dict[str, Scheme]
    suites: dict[str, Suite]
    reasons: dict[str, Reason]
    slips: Slips
    scorecards: Scorecards
    indexing: Indexing

    @property
    def items(self) -> dict[str, Item]:
        """The items by their code."""
        return self.listed.items

    @cached_property
    def content(self) -> dict[str, str]:
        """Every declaration file whole, by its path: what a release keeps so that it can be replayed."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.name != "settings.yml"]
        files += list((self.folder.parent / "expectations").glob("*.yml"))
        return {str(path.relative_to(self.folder.parent)): path.read_text(encoding="utf-8") for path in sorted(files)}

    @cached_property
    def tables(self) -> dict[str, str]:
        """The digest of each table that feeds share, as far as rows are read by it."""
        return reading.tables(self)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()


def check_feed(feed: Feed, where: str, all_: Declarations) -> None:
    """A feed names only what is declared elsewhere, and gives all that its category requires."""
    if feed.category not in all_.categories:
        raise DeclarationError(f"{where}category: {feed.category!r} is unknown; {among(feed.category, all_.categories)}")
    if feed.organ not in all_.organs:
        raise DeclarationError(f"{where}organ: {feed.organ!r} is unknown; {among(feed.organ, all_.organs)}")
    category = all_.categories[feed.category]
    for fault in bounds.faults(feed, category):
        raise DeclarationError(f"{where}{fault}")
    given = {**feed.fields, **feed.constants}
    for name in given:
        if name not in category.fields:
            raise DeclarationError(f"{where}fields: {name!r} is not in the catalogue of category {feed.category}; "
                                   f"{among(name, category.fields)}")
        if of := category.fields[name].of:
            raise DeclarationError(f"{where}fields: {name!r} is read from the cell of {of!r} in category {feed.category}; "
                                   "no feed gives it")
    for name, field in category.fields.items():
        if field.required and name not in given:
            raise DeclarationError(f"{where}fields: {name!r} is required by category {feed.category} and not given")
    for name, source in feed.fields.items():
        if all_.fields[name].sensitivity == "never" and (open_ := set(source.labels) - set(feed.personal)):
            raise DeclarationError(f"{where}fields.{name}.label: {known(open_)} must stand under personal as well: what is never "
                                   "shown is masked elsewhere in the row, and no fact id is made of it")
        options_fit(f"{where}fields.{name}", source.cleaner or all_.fields[name].cleaner, source.options, all_.folder)
        if source.cleaner and gives(source.cleaner) != gives(all_.fields[name].cleaner):
            raise DeclarationError(f"{where}fields.{name}.cleaner: {source.cleaner} gives another type than "
                                   f"{all_.fields[name].cleaner}, the cleaner of the field")
        if twice := set(source.labels) & set(feed.ignored):
            raise DeclarationError(f"{where}fields.{name}: {known(twice)} stands under ignored too; a label is read or ignored")
        if source.lookup and source.lookup not in feed.lookups:
            raise DeclarationError(f"{where}fields.{name}.lookup: {source.lookup!r} is unknown; "
                                   f"{among(source.lookup, feed.lookups)}")
        choices = {**all_.fields[name].options, **source.options}.get("choices")
        if source.lookup and choices and (strange := set(feed.lookups[source.lookup].values()) - set(choices)):
            raise DeclarationError(f"{where}lookups.{source.lookup}: {known(strange)} is no code of field {name}; known: "
                                   f"{known(choices)}")
        if source.unknown_words != "flaw" and not all_.fields[name].cleaner.startswith("text.choice"):
            raise DeclarationError(f"{where}fields.{name}.unknown_words: {all_.fields[name].cleaner} knows no words")
        if source.unknown_words == "hold" and (category.fields[name].required or category.fields[name].readable):
            raise DeclarationError(f"{where}fields.{name}.unknown_words: hold: category {feed.category} rejects a row "
                                   f"whose {name} cannot be read; say reject")


def check_versions(feed: Feed, path: Path, all_: Declarations) -> None:
    """Each version of a feed is a feed, says what was otherwise than in the one after it, and ends after the one before it."""
    check_feed(feed, f"{path}: ", all_)
    ended = date.min
    for number, (one, version) in enumerate(zip(feed.earlier, feed.versions, strict=False)):
        where = f"{path}: earlier[{number}]"
        if one.until <= ended:
            raise DeclarationError(f"{where}.until: {one.until} is not after {ended}, the end of the version before it; "
                                   "the oldest stands first")
        if not one.said:
            raise DeclarationError(f"{where}: says nothing that was otherwise; known: {known(set(Earlier.model_fields) - TOLD)}")
        check_feed(version, f"{where}.", all_)
        ended = one.until


def check_sources(path: Path, category: Category, all_: Declarations) -> None:
    """What a category says its fields are read from or dated by are fields of its own that feeds give."""
    given = [name for name, field in category.fields.items() if not field.of]
    for name, field in category.fields.items():
        if field.of and field.of not in given:
            raise DeclarationError(f"{path}: fields.{name}.of: {field.of!r} is no given field of the category; "
                                   f"{among(field.of, given)}")
        if not field.dated_by:
            continue
        if field.dated_by not in given or all_.fields[field.dated_by].type != "date":
            dates = [each for each in given if all_.fields[each].type == "date"]
            raise DeclarationError(f"{path}: fields.{name}.dated_by: {field.dated_by!r} is no date of the category; "
                                   f"{among(field.dated_by, dates)}")
        options_fit(f"{path}: fields.{name}.dated_by", all_.fields[name].cleaner, {"year": 2000}, all_.folder)


def check(all_: Declarations) -> None:
    for name, field in all_.fields.items():
        options_fit(f"{all_.folder / 'fields.yml'}: {name}", field.cleaner, field.options, all_.folder)
    for category in all_.categories.values():
        path = all_.folder / "categories" / f"{category.category}.yml"
        for name in [
            *category.fields,
            *category.event_key,
            *category.event_key_also,
            *category.target_key,
            *category.prior_key,
            *category.snapshot_key,
            *filter(None, [category.event_date]),
        ]:
            if name not in all_.fields:
                raise DeclarationError(f"{path}: field {name!r} is not in fields.yml; {among(name, all_.fields)}")
        for name in (f"{party}_{part}" for party in category.parties for part in ("name", "code", "kind")):
            if name not in category.fields:
                raise DeclarationError(f"{path}: parties: {name!r} is not among its fields; {among(name, category.fields)}")
        for name in category.suspends.fields if category.suspends else ():
            if name not in category.fields:
                raise DeclarationError(f"{path}: suspends: {name!r} is not among its fields; {among(name, category.fields)}")
        check_sources(path, category, all_)
        if category.targets and category.targets not in all_.categories:
            raise DeclarationError(f"{path}: targets: {category.targets!r} is unknown; "
                                   f"{among(category.targets, all_.categories)}")
    for feed in all_.feeds.values():
        check_versions(feed, all_.folder / "feeds" / f"{feed.feed}.yml", all_)
    if faults := [*reference_faults(all_), *policy_faults(all_)]:
        raise DeclarationError("\n".join(f"{all_.folder}/{fault}" for fault in faults))


def reference_faults(all_: Declarations) -> list[str]:
    """Every fault of organs, items, catalogue, crosswalk and reasons, and of what the categories may not be used for."""
    return [*organ_faults(all_.organs), *item_faults(all_.listed, all_.organs),
            *catalogue_faults(all_.catalogue, all_.categories), *crosswalk_faults(all_.list_terms, all_.fields),
            *evidence_faults(all_), *reason_faults(all_), *scorecard_faults(all_.scorecards, all_.categories),
            *index_faults(all_.indexing, all_)]


@lru_cache(maxsize=4)
def load(folder: Path) -> Declarations:
    """All declarations under `folder`; raises DeclarationError at the first file that is wrong."""
    categories = read_each(folder / "categories", Category, "category")
    suites = read_each(folder.parent / "expectations", Suite, "suite")
    loaded = Declarations(
        folder=folder,
        fields=read_map(folder / "fields.yml", FieldDeclaration),
        categories=categories,
        feeds=read_each(folder / "feeds", Feed, "feed"),
        organs=read_map(folder / "organs.yml", Organ),
        listed=read_one(folder / "items.yml", ItemList),
        catalogue=read_one(folder / "catalogue.yml", Catalogue),
        list_terms=read_map(folder / "crosswalks" / "list_terms.yml", Term),
        survivorship=read_one(folder / "survivorship.yml", Survivorship),
        regimes=read_each(folder / "regimes", Regime, "regime"),
        rules=read_each(folder / "rules", Rule, "rule"),
        schemes=read_each(folder / "schemes", Scheme, "scheme"),
        suites=with_words(suites, categories, folder / "codes" / "working_days.csv"),
        reasons=read_map(folder / "reasons.yml", Reason),
        slips=read_one(folder / "slips.yml", Slips),
        scorecards=read_one(folder / "scorecards.yml", Scorecards),
        indexing=read_one(folder / FOLDER / "index.yml", Indexing),
    )
    check(loaded)
    channels.read(loaded)
    return loaded
