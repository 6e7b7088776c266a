"""Explore: one ability in depth."""

from components.core.i18n import mark as N_
from components.explore.page import body
from components.frame.shell import run

run("explore", N_("Explore"), body)
