"""Printed papers: a case's data (gathering) set by typst (press) with the template of its deployment."""
