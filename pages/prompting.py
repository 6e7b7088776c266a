"""Prompting and tuning: from which scale does a technique help?"""

from components.i18n import mark as N_
from components.page.prompting import body
from components.page.shell import run

run("prompting", N_("Prompting and tuning"), body)
