"""A real server on a free port, and a real Chromium."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.find_chromium import installed

ROOT = Path(__file__).parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@contextmanager
def server(script: Path = ROOT / "app.py", folder: Path = ROOT) -> Iterator[str]:
    """A fresh process that serves `script` with the configuration in `folder`; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true",
               "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]  # fmt: skip
    said = tempfile.TemporaryFile()  # noqa: SIM115 - not a pipe: nobody reads it, and a full one would stop the server
    process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            except OSError:
                if process.poll() is not None:
                    said.seek(0)
                    raise RuntimeError(said.read().decode()) from None
                time.sleep(0.1)
        else:
            raise RuntimeError("the server did not start in a minute")
        yield address
    finally:
        ended = process.poll()
        process.kill()  # nothing to save, and an orderly end takes a second
        process.wait(timeout=10)
        if ended is not None:
            said.seek(0)
            warnings.warn(f"the server ended by itself ({ended}): {said.read().decode()[-2000:]}", stacklevel=3)
        said.close()


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed()
    assert path, "no Chromium: run scripts/find_chromium.py"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()


def settle(page: Page, timeout: int = 60_000) -> None:
    """Wait until the script has run to its end and nothing is stale."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=timeout)
    page.wait_for_function(
        '!document.querySelector(\'[data-stale="true"], [data-testid="stSkeleton"]\')', timeout=timeout
    )


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector('[data-testid="stMainBlockContainer"] h1, .js-plotly-plot', timeout=60_000)
    settle(page)


def drawn_points(page: Page) -> list[list[object]]:
    """What the first figure draws: name and coordinates of each marker trace."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => document.querySelector('.js-plotly-plot')._fullData.filter(t => t.mode === 'markers' && t._input.name)
                 .map(t => [t.name, Array.from(t.x), Array.from(t.y)])"""
    )
