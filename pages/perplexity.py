"""Perplexity: is the loss a better lens than compute or parameters?"""

from components.i18n import mark as N_
from components.page.perplexity import body
from components.page.shell import run

run("perplexity", N_("Perplexity"), body)
