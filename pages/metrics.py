"""Is it the metric? The same model outputs under several metrics."""

from components.i18n import mark as N_
from components.page.metrics import body
from components.page.shell import run

run("metrics", N_("Is it the metric?"), body)
