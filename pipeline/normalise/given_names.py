"""Given names: Polish ones by the dictionary of Morfeusz; Ukrainian ones are listed here, since no dictionary is at hand."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.normalise.dictionary import analyses, cases_of
from pipeline.normalise.text import has_cyrillic

_UK_GIVEN = (
    "Агата Аліна Аліса Алла Альбіна Анастасія Ангеліна Анжела Антоніна Анна Аріна Богдана Богуслава Борислава Валентина"
    " Валерія Варвара"
    " Василина Віра Вікторія Віолетта Віта Віталія Владислава Власта Галина Ганна Дана Дарина Дар'я Діана Домініка Єва Євгенія"
    " Єлизавета Жанна Зінаїда Зоряна Зоя Іванна Інга Інеса Інна Іраїда Ірина Ія Калина Камілла Карина Катерина Кіра Клавдія"
    " Константина"
    " Ксенія Лада Лариса Леся Лідія Ліліана Лілія Ліна Лія Лоліта Любов Людмила Мар'яна Маргарита Марина Марія Марта Марічка"
    " Мелана"
    " Меланія Милана Мирослава Михайлина Надія Наталія Наталя Неля Ніка Ніна Нонна Оксана Октавія Олена Олеся Олександра"
    " Ольга Орина"
    " Орися Павлина Параска Поліна Рада Раїса Регіна Рима Роза Роксолана Роксана Руслана Світлана Соломія Соня Софія Стефанія"
    " Таїсія"
    " Тамара Тетяна Устина Юстина Емма Еліна Ельвіра Евеліна Аделіна Есфір Ілона Мотря Одарка Пріська Санта"
    " Уляна Христина Цвітана Яна Ярина Ярослава"
    " Адам Альберт Анатолій Андрій Антон Аркадій Арсен Артем Артур Богдан Богуслав Борис Вадим Валентин Валерій Василь Веніамін"
    " Віктор Віталій Влад Владислав Володимир Вячеслав В'ячеслав Всеволод Геннадій Георгій Герман Гліб Григорій Давид Данило"
    " Дем'ян"
    " Денис Дмитро Едуард Євген Євгеній Єгор Захар Зіновій Іван Ігор Ілля Йосип Кирило Клим Костянтин Лев Леонід Лук'ян"
    " Любомир Макар"
    " Максим Марк Мар'ян Матвій Мирон Мирослав Михайло Мстислав Назар Назарій Нестор Никодим Олег Олександр Олексій Омелян"
    " Орест"
    " Остап Павло Панас Петро Пилип Платон Прохор Ренат Роман Ростислав Руслан Святослав Семен Сергій Станіслав Степан Тарас"
    " Тимофій"
    " Тимур Федір Феодосій Филимон Юліан Юліана Юлія Юрій Юхим Устим Мечислав Мелетій Онисим Орест Яким Яків Ян Ярема Яромир"
    " Ярослав"
    " Микола Микита Арсеній Вікентій Гордій Даниїл Еміль Зенон Ігнат Кузьма Лука Мартин Митрофан Модест Наум Никифор Онуфрій"
    " Протас Родіон Сава Самійло Спиридон Терентій Трохим Феофан Харитон Алевтина Анфіса Віталіна Елеонора Емілія Євдокія"
    " Злата Ізабелла Луїза Лукія Любомира Магдалина Мілана Мілена Оля Римма Святослава Сніжана Станіслава Стелла"
    " Тереза Фаїна Яніна"
    # Polish ones as Ukrainian texts spell them
    " Агнєшка Беата Божена Барбара Гражина Данута Дорота Ельжбета Зофія Івона Йоанна Катажина Кристина Магдалена Малгожата"
    " Мажена"
    " Моніка Рената Сильвія Уршуля Ядвіґа Ядвіга Анджей Болеслав Войцех Вітольд Гжегож Даріуш Єжи Збігнєв Казимир Казімєж"
    " Кшиштоф"
    " Лешек Лукаш Марек Маріуш Марцін Матеуш Мацей Міхал Павел Пьотр Пйотр Рафал Ришард Славомир Тадеуш Томаш Юзеф Якуб Януш"
    " Яцек"
).split()  # fmt: skip
_UK_IN_POLISH = frozenset(
    (
        "Ałła Anastasija Hałyna Halyna Ihor Iryna Jewhen Jewhenija Julija Jurij Kateryna Łarysa Łesia Lubow Ludmyła Łarisa"
        " Mariana Marija Maryna Nadija Natalija Oksana Ołena Ołeksandra Olha Ołha Switłana Svitlana Tetiana Tetjana Uljana"
        " Wałentyna Wiktorija Zoriana Andrij Anatolij Artem Bohdan Denys Dmytro Hennadij Hryhorij Iwan Maksym Mychajło Mykoła"
        " Nazar Ołeh Oleh Ołeksandr Ołeksij Pawło Petro Rusłan Serhij Stepan Wałerij Wasyl Witalij Wjaczesław Wołodymyr"
        " Wsewołod"
        " Oleksandr Oleksandra Oleksii Andrii Serhii Anatolii Vitalii Yurii Volodymyr Mykola Vasyl Valerii Viktor Pavlo"
        " Nataliia Mariia Yuliia Viktoriia Liudmyla Olena Larysa Valentyna"
    ).split()
)  # fmt: skip
"""Ukrainian ones as Polish texts spell them, in the nominative; the dictionary has few."""

_UK_OBLIQUE = re.compile(r"(?:ією|ієм|ієві|ії|ія|ію|ою|єю|ею|ом|ем|єм|ові|еві|єві|и|і|ї|у|ю|а|я|е|є)?$")
_UK_MALE_ENDING = re.compile(r"(?:[бвгґджзйклмнпрстфхцчшщьо]|Ілля|Микола|Микита|Кузьма|Лука|Сава|Ярема)$")
_APOSTROPHES = str.maketrans("ʼ’`´", "''''")


def is_given_name(word: str) -> bool:
    """Whether the word can be a given name in any case."""
    return bool(given_name_cases(word))


@lru_cache(maxsize=4096)
def is_mans_name(word: str) -> bool:
    """Whether the word is a given name in the nominative that only men bear."""
    if "nom" not in given_name_cases(word):
        return False
    if has_cyrillic(word):
        plain = word.translate(_APOSTROPHES)
        return _UK_MALE_ENDING.search(plain) is not None and plain not in _UK_WOMEN
    tags = [tag.split(":") for _, tag, names in analyses(word) if "imię" in names]
    genders = {parts[3] for parts in tags if parts[1] == "sg" and "nom" in parts[2].split(".")}
    return bool(genders) and all(gender.startswith("m") for gender in genders)


def has_given_name(name: str) -> bool:
    """Whether a word of the name is a given name in the nominative."""
    return any("nom" in given_name_cases(word) for word in name.split())


@lru_cache(maxsize=4096)
def given_name_cases(word: str) -> frozenset[str]:
    """Cases in which the word is a given name; empty when it is none."""
    if has_cyrillic(word):
        return _uk_cases(word)
    cases = cases_of(tag for _, tag, names in analyses(word) if "imię" in names)
    return cases | {"nom"} if word in _UK_IN_POLISH else cases


_UK_NOMINATIVES = frozenset(name.translate(_APOSTROPHES) for name in _UK_GIVEN)
_UK_WOMEN = frozenset(("Любов", "Есфір"))
_UK_STEMS = frozenset(name.translate(_APOSTROPHES).rstrip("аяоійь") or name for name in _UK_GIVEN)


def _uk_cases(word: str) -> frozenset[str]:
    parts = [part for part in word.translate(_APOSTROPHES).split("-") if part]
    plain = parts[0] if parts else ""
    if plain in _UK_NOMINATIVES:
        # Олександра, Богдана: a woman's nominative is a man's genitive
        return frozenset(("nom", "gen", "acc")) if plain[-1] in "ая" and plain[:-1] in _UK_NOMINATIVES else frozenset(("nom",))
    for length in range(2, len(plain) + 1):
        if plain[:length] in _UK_STEMS and _UK_OBLIQUE.fullmatch(plain[length:]):
            return frozenset(("gen", "dat", "acc", "inst", "loc"))
    return frozenset()
