"""Explore: one ability in depth."""

from components.i18n import mark as N_
from components.page.explore import body
from components.page.shell import run

run("explore", N_("Explore"), body)
