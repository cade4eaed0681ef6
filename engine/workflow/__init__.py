"""The only importer of SpiffWorkflow: files in, checked definition out; state in, `advance.Step` out. No database."""
