"""Text that was decoded wrongly before it came here: repaired where it is meant, left where it is right or only shown."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.damage import decoded_anew

RIGHT = {
    "Portuguese": "NÃO HAVERÁ MAIS MACAS NO CORREDOR, DISSE A VEREADORA CONCEIÇÃO. À MANHÃ, É O VERÃO: “AVÔ”, ÂNGULO, ÊXITO.",
    "Romanian": "Fântâna din Pârâul Câmpului a fost reparată în august; bătrâna Sânziana Brâncuș a zis: „Câți mai știu gustul?”",
    "Vietnamese": "XÃ HỘI HÓA là cách xã gọi vốn; “Xã Â” chỉ là tên viết tắt. Cây cầu nối xã Phú Lãm đã thông xe.",
    "French": "« Où est l’été ? » À l’île d’Yeu, dès l’aube, un Noël naïf — 50 °C, 20 €… ŒUVRE, ça va.",
    "Polish": "„Łódź” i Kraków – zażółć gęślą jaźń. ŻÓŁĆ, ŚWIĘTA, ĆMA.",
    "Icelandic": "Það er þörf á að Ísland, Ærø og Ölfus séu með. ÞÓR ÐÝR.",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy. ŽIŽKOV, ÚŘAD.",
    "Turkish": "Çınarlıdere’de İğneada’nın şöyle ÜÇ GÜN ÖĞLE.",
    "Swedish": "Ångström åt älgkött på Öland – ÅÄÖ.",
    "Ukrainian": "Її слова в Азії, Росії й Японії підтвердили: «Рік її року», Рівне, Єва і Ґудзь.",
    "Russian": "«Сёстры» — Рё, СССР, РПЦ и её №5: «Ёлка», Ёж, Съёмка.",
    "Greek": "Η νέα ιχθυόσκαλα της Παλιάς Σκάλας — «όχι», είπε ο Άγγελος. Ύδρα, Ήπειρος.",
    "Japanese": "岬浜町の足湯が再び開いた。“台風”…",
    "Arabic": "عادت المكتبة العائمة إلى النيل.",
    "signs": "50° ± 2 %, £20 or €30, © 2024, ½ × ¾, §5, • “quoted” – ‘so’… ™ ® ¶ µ º ª ¿ ¡",
}
SHOWN = [
    "When a page in UTF-8 is opened as Windows-1252, “é” turns into “Ã©”, “ü” into “Ã¼” and an apostrophe into “â€™”.",
    'Whoever sees â€œ at the start should look at the server. Even "ÃƒÂ©" can be found.',
    "Why é becomes Ã©",
    "The word café came out as cafÃ© on the slip.",
    'Some pages have "Ã©" where an accent should stand.',
]
WRITTEN = [
    "“Não,” disse o presidente da câmara de São João. “Sim.”",
    "« L’été », dit-il, « à Paris », déjà là : 50 °C et 20 €.",
    "Łódź i Kraków – „zażółć gęślą jaźń”, powiedział.",
    "Порт закрыт третий день, сообщил мэр. Рыбаки остались дома.",
    "Der Bürgermeister sagte: „Größere Schäden“ gebe es nicht.",
    "Þór sagði að Ísland væri með.",
    "Việt Nam được và Phú Lãm đã thông xe.",
    "It’s shut — “for now”, he said…",
]


@pytest.mark.parametrize("language", RIGHT)
def test_right_text_stays_to_the_letter_without_a_note(language: str) -> None:
    assert decoded_anew(RIGHT[language]) == (RIGHT[language], None)
    assert decoded_anew(f"{RIGHT[language]}\n\n{RIGHT[language].upper()}") == (
        f"{RIGHT[language]}\n\n{RIGHT[language].upper()}",
        None,
    )


@pytest.mark.parametrize("text", SHOWN)
def test_damage_that_a_text_only_shows_stays_without_a_note(text: str) -> None:
    assert decoded_anew(text) == (text, None)


def spoilt(text: str, encoding: str = "cp1252") -> str:
    """The text as it looks to one who takes its UTF-8 for a code page; bytes that the page lacks are taken as Latin-1 has them."""
    data, out = text.encode(), []
    for at in range(len(data)):
        try:
            out.append(data[at : at + 1].decode(encoding))
        except UnicodeDecodeError:
            out.append(data[at : at + 1].decode("latin-1"))
    return "".join(out)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("text", WRITTEN)
def test_wrong_decoding_is_undone_however_often_it_was_done(text: str, times: int) -> None:
    wrong = text
    for _ in range(times):
        wrong = spoilt(wrong)
    mended = decoded_anew(wrong)
    assert mended.text == text
    assert mended.note is not None
    assert "decoded wrongly" in mended.note


def test_other_pages_than_windows_1252_are_undone_too() -> None:
    assert decoded_anew(spoilt(WRITTEN[3], "cp1251")).text == WRITTEN[3]
    assert decoded_anew(spoilt("Le café est fermé", "mac_roman")).text == "Le café est fermé"
    assert decoded_anew("It is \x93shut\x94 now").text == "It is “shut” now"


@pytest.mark.parametrize(
    "wrong",
    ["â€œHello,â€ he said. â€œSo.â€", "â€œHello,â€� he said. â€œSo.â€�", "Ã¢â‚¬Å“Hello,Ã¢â‚¬ he said. â€œSo.â€\x9d"],
)
def test_a_closing_mark_whose_last_byte_was_lost_is_a_closing_mark(wrong: str) -> None:
    assert decoded_anew(wrong).text == "“Hello,” he said. “So.”"


def test_pieces_that_were_decoded_wrongly_are_repaired_in_text_that_was_not() -> None:
    text = f"{RIGHT['French']}\n\n{spoilt(WRITTEN[0])}\n\n{RIGHT['Vietnamese']}"
    mended = decoded_anew(text)
    assert mended.text == f"{RIGHT['French']}\n\n{WRITTEN[0]}\n\n{RIGHT['Vietnamese']}"
    assert mended.note is not None
    assert mended.note.startswith("5 word(s)")


def test_nothing_else_is_changed_by_a_repair() -> None:
    text = "“a” ‘b’ ﬁne ｆｕｌｌ e\u0301 \u00a0 \u200b &eacute; 1⁄2 … TM™\r\n\tcafÃ© shut"
    assert decoded_anew(text).text == text.replace("Ã©", "é")


@pytest.mark.parametrize("text", ["O porto Ã© fechado", "“MÃ¼ller” won", "realâ€world"])
def test_what_may_be_meant_or_cannot_be_repaired_is_left_with_a_note(text: str) -> None:
    mended = decoded_anew(text)
    assert mended.text == text
    assert mended.note is not None
    assert "left as they are" in mended.note


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_no_text_raises_and_a_second_time_changes_nothing(text: str) -> None:
    once = decoded_anew(text).text
    assert decoded_anew(once).text == once


@pytest.mark.parametrize("piece", ["Ã©", "â€œNÃ£oâ€ ", "Ã", "Ã©\n", "“Ã©” ", "\x93", "ÃƒÂ©", "їії "])
def test_time_grows_as_the_text_does(piece: str) -> None:
    def seconds(n: int) -> float:
        text = piece * n
        best = 9e9
        for _ in range(3):
            start = time.process_time()
            decoded_anew(text)
            best = min(best, time.process_time() - start)
        return best

    seconds(10)
    assert any(seconds(40_000) < 3 * seconds(20_000) + 0.01 for _ in range(4))  # a busy machine may spoil one look
