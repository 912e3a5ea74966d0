"""The lemma table: what the treebanks' words show, less what the rules give anyway."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from pipelines.language.lemmas import Lemmas
from pipelines.train.corpora import Sentence

_NOT_LEARNT = frozenset({"NNP", "NNPS", "GW", "NFP", "FW", "ADD", "LS", "CD", "HYPH", ":", "``", "''"})

_IRREGULAR = """
abide abode; arise arose arisen; awake awoke awoken; bear bore borne; beget begot begotten; behold beheld;
bend bent; beseech besought; bid bade bidden; bind bound; bite bit bitten; bleed bled; breed bred; cleave clove cloven;
cling clung; creep crept; deal dealt; dig dug; draw drew drawn; dwell dwelt; feed fed; flee fled; fling flung;
forbid forbade forbidden; forego forewent foregone; foresee foresaw foreseen; foretell foretold; forgive forgave forgiven;
forsake forsook forsaken; freeze froze frozen; grind ground; hide hid hidden; hurt hurt; kneel knelt; leap leapt;
lend lent; light lit; mislead misled; misread misread; mistake mistook mistaken; misunderstand misunderstood;
outdo outdid outdone; overcome overcame; overhear overheard; override overrode overridden; oversee oversaw overseen;
overtake overtook overtaken; overthrow overthrew overthrown; plead pled; prove proved proven; rebuild rebuilt;
redo redid redone; retake retook retaken; retell retold; rewrite rewrote rewritten; ride rode ridden; ring rang rung;
rise rose risen; seek sought; sell sold; shake shook shaken; shear shorn; shine shone; shrink shrank shrunk; sing sang sung;
sink sank sunk; slay slew slain; slide slid; sling slung; smite smote smitten; sow sown; speed sped; spin spun;
spring sprang sprung; steal stole stolen; stick stuck; sting stung; stink stank stunk; stride strode stridden;
strike struck stricken; string strung; strive strove striven; swear swore sworn; sweep swept; swell swollen;
swim swam swum; swing swung; take took taken; tear tore torn; throw threw thrown; tread trod trodden;
undergo underwent undergone; undertake undertook undertaken; undo undid undone; uphold upheld; wake woke woken;
weave wove woven; weep wept; wind wound; withdraw withdrew withdrawn; withhold withheld; withstand withstood;
wring wrung; pay paid; lay laid; mow mown
"""
"""Verbs of our own list that the treebanks may lack: the base, then its past forms."""

_PLURALS = """
analysis analyses; axis axes; basis bases; crisis crises; hypothesis hypotheses; oasis oases; thesis theses;
parenthesis parentheses; diagnosis diagnoses; criterion criteria; phenomenon phenomena; bacterium bacteria;
memorandum memoranda; calf calves; half halves; knife knives; leaf leaves; life lives; loaf loaves; self selves;
shelf shelves; thief thieves; wife wives; wolf wolves; foot feet; goose geese; tooth teeth; mouse mice; louse lice;
man men; woman women; child children; ox oxen; person people; policeman policemen; policewoman policewomen;
fisherman fishermen; fireman firemen; spokesman spokesmen; spokeswoman spokeswomen; congressman congressmen;
gunman gunmen; businessman businessmen; salesman salesmen; serviceman servicemen; tradesman tradesmen;
chairman chairmen; clergyman clergymen; statesman statesmen; sportsman sportsmen; Englishman Englishmen;
index indices; matrix matrices; vertex vertices; alumnus alumni; nucleus nuclei; stimulus stimuli; syllabus syllabi;
series series; species species; means means; headquarters headquarters; news news
"""


def lemma_table(sentences: Iterable[Sentence], rules: Lemmas) -> dict[tuple[str, str], str]:
    """(word in lower case, tag) to its most frequent lemma, where the rules say something else."""
    table: dict[tuple[str, str], str] = {}
    for entry in _IRREGULAR.split(";"):
        base, *past = entry.split()
        table |= {(form, tag): base for form in past for tag in ("VBD", "VBN")}
    for entry in _PLURALS.split(";"):
        base, plural = entry.split()
        table[plural.lower(), "NNS"] = base
    seen: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for sentence in sentences:
        for word, tag, lemma in zip(sentence.words, sentence.tags, sentence.lemmas, strict=True):
            if tag not in _NOT_LEARNT and lemma != "_" and not lemma.startswith("$"):
                seen[word.lower(), tag][lemma, word] += 1
    for key, forms in seen.items():
        lemmas: Counter[str] = Counter()
        for (lemma, _), times in forms.items():
            lemmas[lemma] += times
        best = min(lemmas, key=lambda lemma: (-lemmas[lemma], lemma))
        if all(rules.by_rule(word, key[1]) == best for _, word in forms):
            table.pop(key, None)
        else:
            table[key] = best
    return {key: lemma for key, lemma in table.items() if rules.by_rule(key[0], key[1]) != lemma}


def write_lemmas(table: dict[tuple[str, str], str], path: Path) -> None:
    """One line per lemma, sorted: the lemma, then its words with their tags."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for (word, tag), lemma in table.items():
        lines[lemma].append(f"{word}|{tag}")
    text = "".join("\t".join([lemma, *sorted(forms)]) + "\n" for lemma, forms in sorted(lines.items()))
    path.write_text(text, encoding="utf-8")
