"""Prepare a draw by lot, then draw: what may be published is written in one record."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.councils.draw import Preparation, read_seed
from parvis.councils.draw_chances import prepare
from parvis.councils.draw_list import list_digest, read_list
from parvis.councils.draw_record import Record, make_record, read_record
from parvis.councils.draw_rules import DrawRefused, read_rules
from parvis.councils.management.files import read_salt, read_whole


class Command(BaseCommand):
    help = (
        "Tire au sort. Sans --seed : prépare et donne l’empreinte à publier. Avec --seed seul : "
        "tire dans un registre préparé. Avec tout : fait les deux."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", type=Path, metavar="FICHIER.csv", help="liste de personnes")
        parser.add_argument("--rules", type=Path, metavar="FICHIER.json", help="places et quotas")
        parser.add_argument("--seed", metavar="HEX", help="graine publique, 32 chiffres au moins")
        parser.add_argument(
            "--record", type=Path, metavar="FICHIER.json", required=True, help="registre public"
        )
        parser.add_argument(
            "--salt",
            type=Path,
            metavar="FICHIER",
            help="sel de l’empreinte de la liste, à garder secret ; sinon le nom du registre "
            "suivi de « .salt »",
        )

    def handle(self, **options: Any) -> None:
        try:
            self._act(options)
        except DrawRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"« {error.filename} » : {error.strerror}.") from error

    def _act(self, options: dict[str, Any]) -> None:
        record, seed = options["record"], options["seed"]
        if seed is not None:
            read_seed(seed)
        if bool(options["list"]) != bool(options["rules"]):
            raise CommandError("--list et --rules vont ensemble.")
        if options["list"]:
            if record.exists():
                raise CommandError(f"« {record} » existe déjà : un registre ne s’écrase pas.")
            path = options["salt"] or record.with_name(f"{record.name}.salt")
            salt, new = read_salt(path) if path.exists() else (secrets.token_bytes(32), True)
            preparation = self._prepare(options["list"], options["rules"], salt)
            done, raw = make_record(preparation, seed or "")
            _write_new(record, raw, path if new else None, salt)
        elif seed is not None:
            before = read_record(read_whole(record))
            if before.seed:
                raise CommandError(f"« {record} » est déjà tiré : un registre ne s’écrase pas.")
            done, raw = make_record(before.preparation, seed)
            _replace(record, raw)
        else:
            raise CommandError("Donnez --list et --rules pour préparer, ou --seed pour tirer.")
        self._tell(done)

    def _prepare(self, path: Path, rules_path: Path, salt: bytes) -> Preparation:
        rules = read_rules(read_whole(rules_path))
        raw = read_whole(path)
        people = read_list(raw, rules)
        for place, column in enumerate(rules.columns):
            found = Counter(one.profile[place] for one in people)
            parts = [f"{value} {found[value]}" for value in sorted(rules.quotas[column])]
            if found[None]:
                parts.append(f"autre ou vide {found[None]}")
            self.stdout.write(f"{column} : {', '.join(parts)}")
        return prepare(people, rules, list_digest(raw, salt))

    def _tell(self, record: Record) -> None:
        preparation = record.preparation
        chances = preparation.chances
        self.stdout.write(
            f"{len(preparation.entrants)} personnes, {preparation.rules.seats} places. Chance de "
            f"chacune : de {float(min(chances)):.4%} à {float(max(chances)):.4%}."
        )
        if preparation.by_pattern:
            self.stdout.write(
                "Les foyers ne permettent pas de traiter un profil d’un seul bloc : les personnes "
                "sont groupées par profil et par composition de leur foyer."
            )
        if none := sum(n for n, c in zip(preparation.sizes, chances, strict=True) if not c):
            self.stdout.write(f"{none} personnes n’ont aucune chance avec ces quotas.")
        self.stdout.write(f"Empreinte de la liste : {preparation.list_digest}")
        self.stdout.write(f"Empreinte de la préparation : {record.preparation_digest}")
        if not record.seed:
            self.stdout.write("Publiez ce registre avant que la graine soit connue.")
            return
        self.stdout.write(f"Empreinte du registre : {record.digest}")
        self.stdout.write(f"Lignes tirées : {', '.join(map(str, record.panel))}")
        reserve = ", ".join(f"{line} (place {seat})" for line, seat in record.reserve)
        self.stdout.write(f"Réserve, dans l’ordre : {reserve or 'personne'}")
        if short := preparation.rules.reserve - len(record.reserve):
            self.stdout.write(f"Il manque {short} personnes à la réserve : la liste n’en a plus.")


def _write_new(record: Path, raw: bytes, salt_path: Path | None, salt: bytes) -> None:
    """Both files or none."""
    made = []
    try:
        if salt_path:
            number = os.open(salt_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            made.append(salt_path)
            with os.fdopen(number, "w") as file:
                file.write(salt.hex())
        with record.open("xb") as file_of_record:
            made.append(record)
            file_of_record.write(raw)
    except OSError:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _replace(record: Path, raw: bytes) -> None:
    """In one go: a record is never half written."""
    beside = record.with_name(f"{record.name}.part")
    try:
        beside.write_bytes(raw)
        beside.replace(record)
    finally:
        beside.unlink(missing_ok=True)
