"""Methods: how every number is computed, from the code's own documentation; and every term."""

from components.core.i18n import mark as N_
from components.methods.model.page import body
from components.frame.shell import run

run("methods", N_("Methods"), body)
