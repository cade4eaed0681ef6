"""Reads for people: plain rows out, nothing written."""
