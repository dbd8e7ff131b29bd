"""The checklist as a living thing: what of MIGRATION_CHECKLIST.md is settled, and what is new."""
