"""Words Polish and Ukrainian texts call roles by, and the words and signs around them."""

from __future__ import annotations

import re

PL_ROLES = frozenset(
    "dyrektor dyrektorka wicedyrektor wicedyrektorka zastępca zastępczyni burmistrz burmistrzyni wiceburmistrz wójt prezydent"
    " wiceprezydent starosta wicestarosta kierownik kierowniczka prezes prezeska wiceprezes koordynator koordynatorka"
    " bibliotekarz"
    " bibliotekarka sekretarz skarbnik skarbniczka przewodniczący przewodnicząca wiceprzewodniczący wiceprzewodnicząca radny"
    " radna"
    " sołtys sołtyska naczelnik naczelniczka pełnomocnik pełnomocniczka instruktor instruktorka pedagog psycholog nauczyciel"
    " nauczycielka marszałek wicemarszałek wojewoda wicewojewoda komendant specjalista specjalistka inspektor inspektorka"
    " animator"
    " animatorka moderator moderatorka proboszcz opiekun opiekunka rzecznik rzeczniczka lider liderka wolontariusz"
    " wolontariuszka"
    " trener trenerka minister wiceminister rektor dziekan socjolog logopeda terapeuta terapeutka ratownik strażnik redaktor"
    " redaktorka"
    " mer pracownik pracownica prorektor profesor członek członkini szef szefowa kustosz kustoszka edukator edukatorka asystent"
    " asystentka właściciel właścicielka założyciel założycielka archiwista archiwistka dietetyk dietetyczka klimatolog"
    " klimatolożka ekolog ekolożka lekarz lekarka pielęgniarka położna architekt architektka prawnik prawniczka fizjoterapeuta"
    " fizjoterapeutka historyk historyczka archeolog archeolożka etnograf etnografka etnolog etnolożka muzealnik muzealniczka"
    " regionalista regionalistka leśniczy leśniczyna informatyk informatyczka doradca doradczyni konsultant konsultantka"
    " ekspert ekspertka dziennikarz dziennikarka fotograf fotografka ilustrator ilustratorka pisarz pisarka poeta poetka"
    " tłumacz tłumaczka autor autorka podróżnik podróżniczka mediator mediatorka urbanista urbanistka"
    " ogrodnik ogrodniczka księgowa księgowy".split()
)
PL_AUTHORS = frozenset(("autor", "autorka", "pisarz", "pisarka", "poeta", "poetka", "ilustrator", "ilustratorka"))
UK_AUTHORS = re.compile(r"(?:автор|письменни|поет|художни|ілюстратор)", re.IGNORECASE)
"""Roles told of the living in the nominative: in other cases they mostly belong to books, museums and streets."""

BEHIND_NAMES = frozenset(("autor", "autorka", "автор", "авторка", "tłumaczy"))
"""Of a text or a project where they stand before a name; credits and title slides are read apart."""

_SHORT_STEMS = frozenset(("wójt", "szef", "dyrektor", "redaktor", "komendant", "poeta", "autor"))
"""Of these every form holds three letters in common: "o wójcie", "dyr. Nowak"."""

PL_ROLE_STEM = re.compile("|".join(sorted({role[:3] if role in _SHORT_STEMS else role[:4] for role in PL_ROLES})))
"""What every form of a role holds, whatever stands before it in one word: spares the dictionary all other words."""

UK_ROLE = re.compile(
    r"(?:(?:директор|методист|координатор|менеджер|спеціаліст|редактор|модератор|тренер|депутат|президент|психолог|бібліограф"
    r"|(?:про)?ректор|доцент|професор|мер|режисер|лектор|архівіст|психотерапевт|куратор|член"
    r"|консультант|інспектор|волонтер|журналіст|модератор|організатор|бухгалтер|архіваріус|фахів|бур[гм]оміст?р|бурм[іи]стр|війт|канцлер"
    r"|дієтолог|автор|еколог|логопед|педагог|соціолог|археолог|етнограф|юрист|адвокат|експерт|архітектор|дизайнер|ілюстратор|фотограф|поет"
    r"|аналітик|медіатор|фельдшер|хореограф|диригент|екскурсовод|історик|(?:(?:віце-?)?прем[’'ʼ]єр-)?міністр)"
    r"(?P<noun>|ка|иня|а|у|ом|ові|ки|ку|кою|ці|ині|иню|инею)"
    r"|(?:бібліотекар|лікар)(?P<lib>|ка|я|ю|ем|еві|ки|ку|кою|ці)|секретар(?P<sec>|ка|я|ю|ем|ки|ку|кою)"
    r"|(?:заступ|началь|керів|очіль|представ|співробіт|праців|заснов|співзаснов|учас|дослід|письмен|худож|рад|упоряд)(?:ни)(?P<nyk>к|ця|ка|ку|ком|кові|ці|цю|цею)"
    r"|(?:фахів|краєзнав|науков|літературознав|мистецтвознав|підприєм)"
    r"(?P<ets>ець|чиня|иця|ця|цю|цем|цеві|чині|чиню|чинею|иці|ицю|ицею)"
    r"|завідувач(?P<zav>|ка|а|у|ем|ки|ку|кою|ці)|завідуюч(?P<zavu>а|ий|ого|ої|ою|ій|им|ому|у)"
    r"|виховател(?P<vyh>ь|ька|я|ем|ю|ьки|ьці|ьку|ькою)|голов(?P<hol>а|и|і|у|ою)|старост(?P<star>а|и|і|у|ою)"
    r"|(?:вчител|учител)(?P<vch>ь|ька|я|ем|ю|ьки|ьці|ьку|ькою)|викладач(?P<vyk>|ка|а|ем|у|ки|ку|кою)|(?:ведуч|керуюч)(?P<ved>а|ий"
    r"|ого|ої|ою|им))",
    re.IGNORECASE,
)
UK_ROLES = re.compile(
    r"(?:директор|методист|координатор|менеджер|спеціаліст|редактор|модератор|тренер|депутат|президент|психолог|бібліограф"
    r"|ректор|консультант|інспектор|волонтер|журналіст|організатор|бухгалтер|архіваріус|доцент|професор|мер|лектор|куратор"
    r"|член|бібліотекар|секретар|викладач|завідувач|фахів|(?:заступ|началь|керів|очіль|представ|співробіт|праців|заснов)ни"
    r"|вчител|учител|виховател|голов|старост|ведуч|завідуюч)"
    r"(?:(?P<nom>и|і|к?ині|ки|ьки|ці|иці)|ів|ок|ок|ьок|ць|ам|ям|кам|цям|ами|ями|ками|цями|их|им|ими)",
    re.IGNORECASE,
)
UK_NOUNS_LIKE_VERBS = re.compile(
    r"(?:зал|матеріал|філіал|журнал|квартал|капітал|потенціал|канал|вокзал|сигнал|ідеал|фінал|портал|підвал|обряд)\w*",
    re.IGNORECASE,
)
UK_NOMINATIVE_ENDINGS = frozenset(("", "ка", "иня", "к", "ця", "а", "ий", "ь", "ька"))
UK_FEMININE = re.compile(r"(?:ка|иня|ця|ова|оста)$", re.IGNORECASE)
UK_BEFORE_ROLE = re.compile(
    r"(?:(?:міськ|сільськ|селищн|головн|провідн|старш|молодш|перш|почесн|виконавч|художн|тогочасн)(?:ий|а|ого|ої|ому|ій|им|ою|у|і|их|ими)"
    r"|колишн(?:ій|я|ього|ьої|ьому|ім|ьою|ю|і|іх|іми)"
    r"|в\.?\s?о\.?|т\.?\s?в\.?\s?о\.?|екс)$",
    re.IGNORECASE,
)
PL_BEFORE_ROLE = frozenset(
    # "była" is left out: "Gościem była dyrektor Anna" says who the guest was
    "starszy starsza młodszy młodsza główny główna pierwszy pierwsza pani pan były byłego byłej ówczesny ówczesna ówczesnego"
    " ówczesnej".split()
)
OFFICES = re.compile(
    r"(?:burmistrz|wójt|prezydent|wiceprezydent|starost|marszał|wojewod|sołtys|radn|голов|старост|депутат|президент|бургоміст|бурм[іи]стр|війт|mer(?:a|em|owi)?$)",
    re.IGNORECASE,
)
UK_VERB = re.compile(
    r"(?:[аиіїуюя](?:ла|ло|ли)(?:ся|сь)?|(?:[аиуюя]в|ів|їв)ся|[аиуюя]ть(?:ся)?|розповів|повів|провів|привів|підписав|привітав"
    r"|відкрив"
    r"|зазначив|подякував|наголосив|розказав|показав|вручив|представив|взяв|став|був|є)$",
    re.IGNORECASE,
)
PL_VERB_TAGS = ("fin", "praet", "impt", "imps", "bedzie", "pcon")
FORMS_OF_ADDRESS = frozenset("pan pani panem panią pana panu пан пані паном пана".split())
COPULAS = frozenset(("jest", "był", "była", "został", "została", "є", "був", "була", "стала", "став"))
CONJUNCTIONS = frozenset(("i", "oraz", "a", "та", "і", "й"))
TOGETHER = frozenset(("wraz", "razem", "разом"))
"""Behind them another person is told of: "starosta wraz z burmistrzem Janem Próbnym"."""

STOPS = frozenset(",;:()[]!?…")
DASHES = frozenset("–—-")
QUOTES = frozenset('„“”"«»‟″')
CYRILLIC = re.compile("[\u0400-\u04ff]")
OBLIQUE = frozenset(("gen", "dat", "acc", "inst", "loc"))
DEGREES = frozenset(
    ("dr", "mgr", "hab", "prof", "inż", "lic", "ks", "dh", "druh", "druhna", "pani", "pan", "пані", "пан", "проф", "доц", ".")
)
ORGANISATION_OF_ITS_OWN = re.compile(r"(?:ГО|БО|ГС|БФ|Fundacj|Stowarzysz|Towarzyst|Związk|Spółdzieln|Спілк|Асоціац)")
MOST_BETWEEN = 14
LEAD = re.compile(
    r"^(?P<org>[^:;]{3,150}?)\s+(?:представил[аиио]|представляли|представляла|представляв|представив|reprezentowal[iy]"
    r"|reprezentowali"
    r"|reprezentowała|reprezentował)\s*:?\s",
    re.IGNORECASE,
)
SIDE = re.compile(
    r"^(?:зі сторони|з боку|від імені|від|ze strony|z ramienia)\s+(?P<org>[^,:;]{3,120}?)\s+"
    r"(?:взял[аи] участь|були присутні|виступил[аи]|долучил[аи]ся|udział wzięli|wzięli udział|obecni byli|wystąpili)",
    re.IGNORECASE,
)
