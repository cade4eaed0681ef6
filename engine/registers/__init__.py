"""The company's registers: ordinary tables and plain functions on a connection."""
