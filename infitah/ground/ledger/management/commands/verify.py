"""`infitah verify`: checks a proof, or a dump of the whole ledger, with no help from the database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from infitah.ground.ledger import queries
from infitah.lib import merkle
from infitah.lib.text import canonical


class Wrong(Exception):
    """What does not hold, in a sentence."""


def check_proof(proof: dict[str, Any]) -> str:
    """The chained root that a proof leads to; Wrong with a sentence where it leads nowhere."""
    if proof["format"] != queries.FORMAT:
        raise Wrong("this is not a proof of the Infitah ledger, or of a later kind than this version knows")
    seal = proof["seal"]
    leaf = merkle.leaf(canonical(proof["entry"]))
    path = [bytes.fromhex(digest) for digest in proof["path"]]
    reached = merkle.climb(leaf, proof["position"], seal["size"], path)
    if reached is None or reached.hex() != seal["root"]:
        raise Wrong("the entry is not the one that was sealed: it, its position or its path has been changed")
    if queries.chained(seal) != proof["chained"]:
        raise Wrong("the seal has been changed: its words no longer give its chained root")
    return str(proof["chained"])


def check_seal(line: dict[str, Any], leaves: list[bytes], previous: str, number: int) -> str:
    """The chained root of a batch of a dump; Wrong with a sentence where the batch is not what was sealed."""
    seal = line["seal"]
    if line["format"] != queries.FORMAT or seal["number"] != number or seal["previous"] != previous:
        raise Wrong(f"seal {number} does not follow the one before it: a seal is missing, moved or changed")
    if seal["size"] != len(leaves) or merkle.root(leaves).hex() != seal["root"]:
        raise Wrong(f"the entries under seal {number} are not those that were sealed: one is missing, added or changed")
    if queries.chained(seal) != line["chained"]:
        raise Wrong(f"seal {number} has been changed: its words no longer give its chained root")
    return str(line["chained"])


def check_dump(lines: Iterator[bytes]) -> tuple[dict[str, str], int, int]:
    """The chained roots of a dump and what seal each is of, how many entries stand under them, and how many under
    none yet."""
    roots: dict[str, str] = {}
    leaves: list[bytes] = []
    previous, sealed = queries.NOTHING_BEFORE, 0
    for turn, line in enumerate(lines, 1):
        text = line.removesuffix(b"\n")
        if not text.startswith((b'{"action":', b'{"chained":')) or canonical(json.loads(text)) != text:
            raise Wrong(f"line {turn} is neither an entry nor a seal")
        if text.startswith(b'{"chained":'):
            number = len(roots) + 1
            previous = check_seal(json.loads(text), leaves, previous, number)
            roots[previous] = str(number)
            sealed, leaves = sealed + len(leaves), []
        else:
            leaves.append(merkle.leaf(text))
    return roots, sealed, len(leaves)


class Command(BaseCommand):
    help = "Check a receipt's proof, a dump of the whole ledger, or that a proof belongs to a dump."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("proof", nargs="?", type=Path, help="a proof, as proof.json of an entry")
        parser.add_argument("--dump", type=Path, help="a dump of the ledger, as /ledger/dump.jsonl")

    def handle(self, *, proof: Path | None, dump: Path | None, **options: Any) -> None:
        if not proof and not dump:
            raise CommandError("Name a proof, or a dump with --dump, or both.")
        try:
            roots = self.dump(dump) if dump else None
            if proof:
                self.proof(proof, roots)
        except Wrong as wrong:
            raise CommandError(f"REFUSED: {wrong}.", returncode=1) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise CommandError(f"REFUSED: the file cannot be read as one of the ledger ({fault!r}).") from None

    def dump(self, file: Path) -> dict[str, str]:
        with file.open("rb") as lines:
            roots, sealed, unsealed = check_dump(lines)
        last = next(reversed(roots), queries.NOTHING_BEFORE)
        self.stdout.write(
            f"RIGHT: {sealed} entries under {len(roots)} seals, unbroken from the first; last chained root {last}."
        )
        if unsealed:
            self.stdout.write(f"{unsealed} entries at the end are not sealed yet and prove nothing.")
        return roots

    def proof(self, file: Path, roots: dict[str, str] | None) -> None:
        words = json.loads(file.read_bytes())
        root, entry = check_proof(words), words["entry"]
        if roots is not None and root not in roots:
            raise Wrong("the proof is sound in itself, but its seal is not in this dump")
        self.stdout.write(
            f"RIGHT: entry {entry['id']} ({entry['action']}, {entry['at']}) stands in the ledger at position "
            f"{words['position']} under seal {words['seal']['number']}, chained root {root}."
        )
        self.stdout.write(
            "The dump carries the same seal."
            if roots is not None
            else "Compare this chained root with the public dump, or give the dump with --dump."
        )
