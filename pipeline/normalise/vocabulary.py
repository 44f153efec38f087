"""Words that tell roles from institutions and both from names, in Polish and Ukrainian; all folded."""

from __future__ import annotations

import re

from pipeline.normalise.text import folded, one_line

ROLE_WORDS = frozenset(
    folded(
        "dyrektor dyrektorka wicedyrektor wicedyrektorka zastępca zastępczyni z-ca zca kierownik kierowniczka pełnomocnik"
        " pełnomocniczka naczelnik burmistrz wiceburmistrz wójt starosta wicestarosta prezydent wiceprezydent marszałek"
        " wicemarszałek wojewoda sekretarz sekretarka skarbnik prezes prezeska wiceprezes wiceprezeska przewodniczący"
        " przewodnicząca wiceprzewodniczący wiceprzewodnicząca koordynator koordynatorka specjalista specjalistka"
        " inspektor inspektorka podinspektor referent referentka główny główna starszy starsza młodszy młodsza pracownik"
        " pracownica radca asystent asystentka nauczyciel nauczycielka pedagog psycholog logopeda bibliotekarz"
        " bibliotekarka kustosz animator animatorka członek członkini członkowie rzecznik rzeczniczka doradca doradczyni"
        " redaktor redaktorka opiekun opiekunka lider liderka menedżer menedżerka manager konsultant konsultantka sołtys"
        " radny radna komendant instruktor instruktorka trener trenerka księgowa księgowy architekt geodeta administrator"
        " administratorka wolontariusz wolontariuszka autor autorka ekspert ekspertka p.o. po pełniący pełniąca założyciel"
        " założycielka wychowawca wychowawczyni terapeuta terapeutka osoba organizator organizatorka realizator"
        " realizatorka właściciel właścicielka proboszcz rektor prorektor dziekan prodziekan директор директорка завідувач"
        " завідувачка начальник начальниця голова заступник заступниця бібліотекар бібліотекарка методист методистка"
        " секретар секретарка спеціаліст спеціалістка керівник керівниця координатор координаторка староста мер депутат"
        " депутатка консультант радник радниця менеджер фахівець фахівчиня редактор редакторка вчитель вчителька психолог"
        " провідний провідна головний головна старший старша президент тренер тренерка експерт експертка волонтер"
        " волонтерка автор авторка ректор в.о. член членкиня director deputy head manager coordinator mayor secretary"
        " chair president officer specialist librarian"
    ).split()
)
INSTITUTION_WORDS = frozenset(
    folded(
        "urząd biblioteka stowarzyszenie fundacja ośrodek wydział referat centrum szkoła zespół przedszkole starostwo dom"
        " muzeum mops gops mgops pcpr mopr ops mosir biuro departament związek zakład instytut uniwersytet spółka rada"
        " dział oddział placówka komenda towarzystwo klub gimnazjum liceum technikum agencja akademia izba kancelaria koło"
        " komitet partnerstwo poradnia pracownia przychodnia samodzielne samodzielny stacja straż szpital teatr świetlica"
        " warsztat wojewódzki wojewódzka żłobek spółdzielnia parafia hufiec grupa powiatowy powiatowa powiatowe gminny"
        " gminna gminne miejski miejska miejskie miejsko-gminny miejsko-gminna publiczna publiczne samorządowy samorządowa"
        " krajowy krajowa regionalny regionalna regionalne narodowy narodowa caritas filia archiwum galeria kino"
        " przedsiębiorstwo firma gospodarstwo schronisko zarząd gmina powiat województwo miasto sekretariat punkt uczelnia"
        " kgw osp gok gokis mok lgd pup dps zgk zdp mbp gbp"
        " politechnika sąd policja бібліотека управління відділ департамент рада громада центр фонд організація школа"
        " ліцей гімназія університет інститут музей будинок клуб спілка асоціація агенція об'єднання заклад філія палац"
        " коледж академія міська міський сільська сільський селищна публічна обласна обласний районна районний центральна"
        " національна національний державна державний го кз ку комунальний комунальна комунальне office library foundation"
        " association centre center school university institute department"
    ).split()
)
PARTICLES = frozenset("de von van da di del la le ибн van der".split())


def starts_like_role(text: str) -> bool:
    """Whether the first word is a role or post ("Dyrektor Wydziału Oświaty")."""
    return _first_word(text) in ROLE_WORDS


def starts_like_institution(text: str) -> bool:
    """Whether the text begins as an institution's name does, in the nominative or in quotes ("Gminny Ośrodek Kultury")."""
    return _first_word(text) in INSTITUTION_WORDS


def looks_like_name(text: str) -> bool:
    """Whether the text has the shape of a person's name: two to five capitalised words, no role, institution or digit."""
    words = one_line(text).split(" ")
    if not 2 <= len(words) <= 5 or any(not _is_name_word(word) and folded(word) not in PARTICLES for word in words):
        return False
    if all(len(word.rstrip(".")) == 1 for word in words):
        return False
    return not any(folded(word) in ROLE_WORDS or folded(word) in INSTITUTION_WORDS for word in words)


def _is_name_word(word: str) -> bool:
    parts = re.split(r"['’ʼ\-–]", word.strip("()"))
    return all(
        part and ((part.rstrip(".").isalpha() and part[0].isupper()) or (index and part.isalpha()))
        for index, part in enumerate(parts)
    ) and ("." not in word.rstrip(".") and (not word.endswith(".") or len(word) <= 3))


def _first_word(text: str) -> str:
    words = folded(text).lstrip("\"'„”«»(-–• ").split(" ")
    return words[0].strip(',;:()"„”«»') if words else ""
