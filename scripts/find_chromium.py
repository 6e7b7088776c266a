"""Find a Chromium for the browser tests, or install one: the system's, else by apt as root, else Playwright's.

Prints the path of the executable. Exits with 1 and a clear sentence if there is none and none can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def installed() -> str | None:
    """The executable of a Chromium that is already here, if any. CHROMIUM in the environment wins."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None) or next(filter(os.path.exists, PLACES), None)
    return found or _playwright()


def _playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str | None:
    """Install a Chromium and return its executable, or None."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk")
        if found := installed():
            return found
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return installed()


def _run(*command: str) -> None:
    """Run an installer, its chatter on standard error; whether it helped is seen afterwards."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdout=sys.stderr, stderr=sys.stderr, check=False)


def main() -> int:
    """Command line: print where Chromium is."""
    path = installed() or install()
    if path is None:
        print("No Chromium found, and none could be installed. Install one, or set CHROMIUM=/path/to/it.")
        return 1
    print(f"Browser tests use {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
