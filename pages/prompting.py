"""Prompting and tuning: from which scale does a technique help?"""

from components.core.i18n import mark as N_
from components.prompting.page import body
from components.frame.shell import run

run("prompting", N_("Prompting and tuning"), body)
