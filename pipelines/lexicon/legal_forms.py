"""Legal forms of companies and the words that end a company's name (``organisation_forms``): Ltd, GmbH, Group."""

import re
from functools import cache

from pipelines.lexicon.entries import alternation, either, group


@cache
def any_legal_form() -> re.Pattern[str]:
    """Matches any legal form, the longest first, as words of their own in case-folded text."""
    forms = frozenset(form.casefold() for form in group("organisation_forms", "legal form"))
    return re.compile(rf"(?<!\w)(?:{alternation(forms)})(?!\w)")


@cache
def legal_end() -> re.Pattern[str]:
    """Matches what ends a company's name and tells that it is one, as written: ``, Inc.``, ``GmbH``, ``Holdings``."""
    return re.compile(
        rf"(?:^|,?\s)(?:{alternation(group('organisation_forms', 'end') | group('organisation_forms', 'word'))})\.?$"
    )


@cache
def legal_tail() -> re.Pattern[str]:
    """Matches a legal form right behind a name that was found without it: ``Norlift, Inc.``; ``Co`` only with its full stop."""
    return re.compile(
        rf",? (?:(?:{either('organisation_forms', 'dotted')})\.|(?:{either('organisation_forms', 'tail')})(?!\w))"
    )
