"""Risks: what gets worse, or appears, with scale."""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.risks.page import body

run("risks", N_("Risks"), body)
