"""Dataset: every number and where it comes from."""

from components.core.i18n import mark as N_
from components.dataset.page import body
from components.frame.shell import run

run("dataset", N_("Dataset"), body)
