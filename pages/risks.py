"""Risks: what gets worse, or appears, with scale."""

from components.i18n import mark as N_
from components.page.risks import body
from components.page.shell import run

run("risks", N_("Risks"), body)
