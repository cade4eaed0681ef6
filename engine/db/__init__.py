"""The store: tables, types, connections, migrations. Rows in, rows out; no rules."""
