"""Which mentions are one entity: candidates, judgements, what joins them and what keeps them apart."""
