"""What happens before hearsay's own environment is there: standard library only, with any Python from 3.11 on."""
