"""The list page in both template languages; the figures behind docs/decisions/0001-templates.md."""
