"""Budgets of the repository as a whole."""

import re

UNFINISHED = re.compile(r"\b(" + "TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|lorem " + "ipsum", re.I)
SKIPS = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|unittest\.[s]kip|@[s]kip")
MACHINE = re.compile(r"(?<![\w.:/])/(work|tmp|home|root|Users|mnt)/[\w.-]")
REGISTRY = re.compile(
    r"--(extra-)?index-url|--trusted-[h]ost|--find-[l]inks|https?://[^\s'\"]*/simple\b|files\.pythonhosted"
)
FOREIGN = re.compile(
    r"\.(woff2?|ttf|otf|eot|mo|pyc|exe|jar)$|\.min\.(js|css)$|(^|/)(vendor|node_modules|third_party|dist)/"
)


def unfinished(path: str, text: str) -> list[str]:
    return [f"leaves a “{found.group(0)}”" for found in UNFINISHED.finditer(text)]


def skips(path: str, text: str) -> list[str]:
    return ["skips a test"] * len(SKIPS.findall(text))


def machine_paths(path: str, text: str) -> list[str]:
    return [f"names a path of one machine: {found.group(0)}…" for found in MACHINE.finditer(text)]


def registries(path: str, text: str) -> list[str]:
    return [f"names a registry: {found.group(0)}" for found in REGISTRY.finditer(text)]


def foreign_file(path: str, text: str) -> list[str]:
    return ["is not written here: fetch it from a package at build"] if FOREIGN.search(path) else []
