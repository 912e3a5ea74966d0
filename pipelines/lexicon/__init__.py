"""Words as data: ``seeds/lexicon/*.csv`` read once, checked and frozen, and one reader for each kind of word that several rooms ask for."""
