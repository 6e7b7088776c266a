"""Methods: how every number is computed, from the code's own documentation; and every term."""

from components.i18n import mark as N_
from components.page.methods import body
from components.page.shell import run

run("methods", N_("Methods"), body)
