"""Risks: what gets worse, or appears, with scale."""

from components.core.i18n import mark as N_
from components.risks.model.page import body
from components.frame.shell import run

run("risks", N_("Risks"), body)
