"""Dataset: every number and where it comes from."""

from components.i18n import mark as N_
from components.page.dataset import body
from components.page.shell import run

run("dataset", N_("Dataset"), body)
