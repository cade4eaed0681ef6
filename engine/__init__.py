"""Decide what happens in a procedure: processes, people, time and store. Knows nothing of HTTP.

`commands/` says what a person or a timer may do, `queries/` what may be read, `executor` runs one command in one
transaction, `workflow/` moves the process (the only importer of SpiffWorkflow), `db/` keeps the record. The leaves
(`clock`, `errors`, `messages`, `working_time`, `form_schema`, `authorization`) call nothing back.
"""
