"""Methods: how every number is computed, from the code's own documentation; and every term."""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.methods.page import body

run("methods", N_("Methods"), body)
