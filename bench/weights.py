"""What pages weigh in a real browser: cold cache, compressed, everything counted."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, CDPSession, sync_playwright

from infitah.ground.territories.models import Territory
from infitah.journey.ideas.models import Idea

from .clock import tell
from .world import environment

LIMITS = {"ar": 100, "fr": 60}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def pages(place: Territory, database: str) -> None:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        tell("Page weights", "left out: Chromium is missing")
        return
    idea = Idea.objects.filter(place=place).latest("pk")
    with served(database) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for language, limit in LIMITS.items():
            with translation.override(language):
                addresses = {
                    "home": reverse("website:home"),
                    "space": reverse("spaces:space", args=[place.slug]),
                    "list of ideas": reverse("ideas:list", args=[place.slug]),
                    "giving an idea": reverse("ideas:new", args=[place.slug]),
                    "idea": reverse("custody:idea", args=[place.slug, idea.number]),
                }
            for called, address in addresses.items():
                tell(
                    f"Weight of the page, {language}: {called}",
                    weigh(browser, site + address),
                    f"{limit} kB, 8 requests",
                )
        browser.close()


def weigh(browser: Browser, address: str) -> str:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(address, wait_until="networkidle")
    script = sum(size for key, size in sizes.items() if kinds.get(key) == "Script")
    context.close()
    return f"{sum(sizes.values()) / 1000:5.1f} kB, of which script {script / 1000:.1f}, {len(sizes)} requests"


@contextmanager
def served(database: str) -> Iterator[str]:
    """The site as `infitah start` serves it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "error"], env=environment(database), cwd=os.getcwd()
    )
    site = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{site}/healthz/", timeout=5)
                break
            except OSError:
                time.sleep(0.2)
        yield site
    finally:
        server.terminate()
        server.wait(20)
