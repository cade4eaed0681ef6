"""The history of the schema, run by engine.db.migrate."""
