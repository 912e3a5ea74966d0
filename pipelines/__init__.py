"""hearsay's pipeline: raw texts in, tables of entities, claims, dates and figures out."""
