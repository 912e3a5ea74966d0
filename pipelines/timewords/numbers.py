"""Reads the numbers, ordinals and years that stand in a date or a duration, in digits or in words."""

from collections.abc import Sequence

from pipelines.timewords.words import Lexicon


def number(forms: Sequence[str], lexicon: Lexicon) -> float | None:
    """The number that the words spell ("2 1/2", "two and a half", "twenty-five", "a hundred"); null when vague or none."""
    if "/" in forms and len(forms) >= 3:
        at = forms.index("/")
        if not (forms[at - 1].isdigit() and forms[at + 1].isdigit()) or forms[at + 1] == "0":
            return None
        whole = number(forms[: at - 1], lexicon) if at > 1 else 0
        return None if whole is None else whole + int(forms[at - 1]) / int(forms[at + 1])
    if len(forms) > 1 and forms[-1] == "half":
        whole = number([form for form in forms[:-1] if form not in ("and", "a")], lexicon)
        return None if whole is None else whole + 0.5
    if forms and forms[0] == "half":
        return 0.5
    total, group, seen = 0.0, 0.0, False
    for form in forms:
        row = lexicon.rows["number"].get(form)
        digits = form.replace(",", "")
        if digits.replace(".", "", 1).isdigit():
            group, seen = group + float(digits), True
        elif form in ("a", "an", "another"):
            group, seen = group + (0 if len(forms) > 1 else 1), True
        elif row is None or row["kind"] in ("fraction", "ordinal"):
            if row is not None and row["kind"] == "ordinal":
                return group + float(row["value"])
        elif row["value"] == "X":
            return None
        elif row["kind"] == "scale":
            size = float(row["value"])
            seen = True
            if size == 1000:
                total, group = total + (group or 1) * size, 0.0
            else:
                group = (group or 1) * size
        else:
            group, seen = group + float(row["value"]), True
    return total + group if seen else None


def ordinal(forms: Sequence[str], lexicon: Lexicon) -> int | None:
    """The number of "3rd", "third", "twenty-third", "3"; -1 for "final"."""
    if forms and forms[0][0].isdigit():
        return int("".join(char for char in forms[0] if char.isdigit()))
    found = number([form for form in forms if form != "-"], lexicon)
    return None if found is None else int(found)


def year(forms: Sequence[str], lexicon: Lexicon) -> int | None:
    """The year that the words spell: "1996", "nineteen ninety-six", "two thousand and one"; null outside 1000 to 2199."""
    forms = [form for form in forms if form != "-"]
    if len(forms) == 1:
        return int(forms[0]) if forms[0].isdigit() else None
    if "thousand" in forms or "hundred" in forms:
        found = number(forms, lexicon)
    else:
        first, rest = number(forms[:1], lexicon), number(forms[1:], lexicon)
        if first is None or rest is None or not 10 <= first <= 21 or not 10 <= rest <= 99:
            return None
        found = first * 100 + rest
    return int(found) if found and 1000 <= found <= 2199 else None
