"""Words of time inside names, which are no dates: "USA Today", on "This Week", Easter Island, Theresa May.

Looks at capitals, quotation marks and the parser's names.
"""

from spacy.tokens import Token

from pipelines.extract.anchoring.context import TimeContext
from pipelines.lexicon.outlets import is_outlet_word
from pipelines.timewords.find import Expression
from pipelines.timewords.meaning import Anaphor, Calendar, Relative, Repeat


def titled(expression: Expression, context: TimeContext) -> bool:
    """Whether a word such as "Today" ends the name of a paper, a programme or a company ("USA Today", "News Daily")."""
    meaning = expression.meaning
    if _sunday_paper(expression, context):
        return True
    fits = isinstance(meaning, Relative | Repeat) or (isinstance(meaning, Calendar) and meaning.weekday)
    if not fits or expression.last - expression.first > 1 or not context.text_of(expression)[0].isupper():
        return False
    token = context.token(expression.first)
    if token is None:
        return False
    if token.ent_iob_ == "I" and token.ent_type_ in ("ORG", "WORK", "PRODUCT"):
        return True
    after_name = token.i > 0 and token.nbor(-1).tag_ == "NNP" and isinstance(meaning, Relative)
    return after_name and context.manner != "post" and not _headline(token)


_ON_SUNDAY = frozenset(["mail", "independent", "scotland", "wales"])


def _sunday_paper(expression: Expression, context: TimeContext) -> bool:
    """Whether a weekday belongs to the name of its newspaper ("the Sunday Times", "the Mail on Sunday")."""
    meaning, forms, words = expression.meaning, context.words.forms, context.words
    if (
        not isinstance(meaning, Calendar)
        or not meaning.weekday
        or meaning.day
        or expression.last - expression.first > 2
    ):
        return False
    first, last = expression.first, expression.last
    if first > 1 and forms[first - 1] == "on" and forms[first - 2] in _ON_SUNDAY:
        return words.text[words.starts[first - 2]].isupper()
    if last >= len(forms) or words.ends[last - 1] + 1 != words.starts[last]:
        return False
    return is_outlet_word(words.text[words.starts[last] : words.ends[last]])


def quoted_title(expression: Expression, context: TimeContext) -> bool:
    """Whether a step of time, in capitals and alone between quotation marks, is the name of a programme (on "This Week")."""
    if not isinstance(expression.meaning, Relative | Anaphor):
        return False
    text, words = context.words.text, context.words
    start, end = words.starts[expression.first], words.ends[expression.last - 1]
    closing = text[end : end + 2].lstrip(",.")[:1]
    marks = "\"'“”‘’`"
    if not start or text[start - 1] not in marks or not closing or closing not in marks:
        return False
    return all(text[words.starts[n]].isupper() for n in range(expression.first, expression.last))


def _headline(token: Token) -> bool:
    """Whether a word stands in a line whose verbs begin with capitals as well."""
    verbs = [other for other in token.doc[max(0, token.i - 25) : token.i + 25] if other.pos_ in ("VERB", "AUX")]
    return not any(verb.is_lower for verb in verbs)


def begins_place(expression: Expression, context: TimeContext) -> bool:
    """Whether a named day begins the name of a place ("Easter Island")."""
    token = context.token(expression.last - 1)
    if token is None or token.i + 1 >= len(token.doc):
        return False
    follower = token.nbor(1)
    return follower.ent_iob_ == "I" and follower.ent_type_ in ("LOC", "GPE", "FAC") and follower.text[0].isupper()


def in_name(expression: Expression, context: TimeContext, *labels: str) -> bool:
    """Whether the expression's last word stands in a name of one of these kinds."""
    token: Token | None = context.token(expression.last - 1)
    return token is not None and token.ent_type_ in labels
