"""Perplexity: is the loss a better lens than compute or parameters?"""

from components.core.i18n import mark as N_
from components.frame.shell import run
from components.perplexity.page import body

run("perplexity", N_("Perplexity"), body)
