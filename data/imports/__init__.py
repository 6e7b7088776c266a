"""Formats of uploads: one module each, one common result; :mod:`data.importer` puts them together."""
