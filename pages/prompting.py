"""Prompting and tuning: from which scale does a technique help?"""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.prompting.page import body

run("prompting", N_("Prompting and tuning"), body)
