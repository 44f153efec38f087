"""Pages in the shapes that are known of the sources. Each record yields (address, page).

Practices with three tabs on both sites, decks in three shapes, posts, pages of libraries and towns. Pages hold as much running
text as the five real pages that were seen: a first tab of the old site 3,200 characters with its frame, a deck of 39 slides
13,000, a post 3,500, a library's page 4,000; less would make reading cheap. How long a full presentation is was never seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from html import escape

from benchmarks.markup import boxes, menu, script, share_buttons, style
from benchmarks.texts import Unit, Writer, polish_units, ukrainian_units, words

Drawn = Iterator[tuple[str, str]]


def old_site_practice(rng: random.Random, number: int) -> Drawn:
    """The three tabs of a practice on the old site of the base."""
    writer, unit = Writer(rng, "pl"), rng.choice(polish_units())
    art, section = number + 1, rng.randrange(1, 7)
    title = writer.title()
    address = f"https://archiwum.dobrepraktyki.pl/index.php?p1={section}&p2={rng.randint(1, 20)}&art={art}"
    link = escape(address.rpartition("/")[2])
    bar = (
        f'<tr><td align="center">.: &nbsp; <a href="{link}">Skrót i Metryka</a> -&gt; <a href="{link}&amp;s=2">Pełna prezentacja</a>'
        f' -&gt; <a href="{link}&amp;s=3">Załączniki</a> &nbsp; :.</td></tr>\n'
    )
    cells = "".join(
        f'<tr><td align="right" nowrap class="etykieta">{label}:&nbsp;&nbsp;</td><td class="wartosc" valign="top">{value}</td></tr>\n'
        for label, value in _metryka(writer, rng, unit)
    )
    summary = "".join(f'<p align="justify">{writer.paragraph(rng.randint(3, 7))}</p>\n' for _ in range(rng.randint(3, 5)))
    tabs = {
        "": f"{summary}<p><b>Metryka praktyki</b></p>\n<table border='0' cellspacing='2'>{cells}</table>\n",
        "&s=2": _presentation(writer, rng, "h3"),
        "&s=3": "".join(
            f'<img src="gfx/plik.gif" alt=""> <a href="pliki/{art}/zalacznik_{n}.pdf" target="_blank">{escape(writer.title())}</a>'
            f" (PDF, {rng.randint(10, 900)} kB)<br>\n"
            for n in range(rng.randint(1, 4))
        ),
    }
    around = _old_site_frame(rng)
    for tab, body in tabs.items():
        head, foot = around
        breadcrumb = f'<tr><td class="sciezka">&nbsp;<a href="index.php?p1={section}">Usługi społeczne</a> : <a href="#">Oświata</a></td></tr>'
        yield (
            address + tab,
            f'{head}{breadcrumb}<tr><td class="tytul"><b>{escape(title)}</b></td></tr>\n{bar}<tr><td>{body}</td></tr>\n{bar}{foot}',
        )


def _old_site_frame(rng: random.Random) -> tuple[str, str]:
    rows = "".join(
        f'<tr><td class="menu" height="18" onmouseover="this.className=\'nad\'"><img src="gfx/p.gif" width="1" height="1" alt="">'
        f'<a href="index.php?p1={n}" class="m">{text}</a></td></tr>\n<tr><td height="1"><img src="gfx/p.gif" width="1" height="1" alt=""></td></tr>\n'
        for n, text in enumerate(words()["pages"]["old_menu"])
    )
    counter = f"1.{rng.randint(100, 999)}.{rng.randint(100, 999)}"
    head = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<html><head><meta http-equiv="Content-Type" content="text/html;'
        f' charset=utf-8"><title>Baza Dobrych Praktyk</title>\n{style(rng, 9_000)}{script(rng, 8_000)}</head><body bgcolor="#ffffff">\n'
        '<table width="980" cellpadding="0" cellspacing="0" border="0" align="center"><tr><td colspan="2"><img src="gfx/baner.jpg" alt="">'
        f'Program wspólny trzech związków samorządowych</td></tr>\n<tr><td width="200" valign="top"><table border="0">{rows}</table><br>'
        f"<center><b>{counter}</b><br>gości odwiedziło nas<br>od 1 kwietnia 2008 r.</center></td>\n<td valign=\"top\"><table width='100%'>\n"
    )
    foot = (
        "</table></td></tr>\n<tr><td colspan='2' align='center'>&nbsp;Związek<br>Miast Polskich<br>Związek<br>Gmin Wiejskich RP<br>Związek<br>"
        f"Powiatów Polskich</td></tr></table>\n{boxes(rng, 60)}{script(rng, 3_000)}</body></html>\n"
    )
    return head, foot


def _metryka(writer: Writer, rng: random.Random, unit: Unit) -> list[tuple[str, str]]:
    year, month, day = writer.date()
    domain = f"{writer.made_up_name().casefold().replace('ł', 'l')}.example.org"
    person = writer.person()
    return [
        ("Data wprowadzenia do BDP", f"{year}-{month:02}-{day:02}"),
        ("Typ jednostki", unit.kind),
        ("Miejscowość", unit.name),
        ("Powiat", unit.powiat),
        ("Województwo", unit.voivodeship),
        ("Kod pocztowy i Poczta", f"{rng.randint(10, 99)}-{rng.randint(100, 999)} {unit.name}"),
        ("Jednostka wdrażająca", f"Urząd Gminy {unit.name}"),
        ("Ulica", f"ul. {rng.choice(words()['pages']['streets'])} {rng.randint(1, 120)}"),
        ("Telefon", f"{rng.randint(12, 95)} 550 {rng.randint(10, 99)} {rng.randint(10, 99)}"),
        ("Wirtyna internetowa", f"www.{domain}"),
        ("Adres e@mail", f"biuro@{domain}"),
        ("Liczba mieszkańców", f"{rng.randint(2, 80)}.{rng.randint(100, 999)}"),
        (
            "Osoby kontaktowe",
            f"{person}<br>{writer.role()}<br>tel. 600 100 {rng.randint(100, 999)}<br>e@mail: kontakt@{domain}",
        ),
    ]


def _presentation(writer: Writer, rng: random.Random, tag: str) -> str:
    parts = []
    for heading in rng.sample(words()["pl"]["headings"], rng.randint(4, 7)):
        parts.append(f"<{tag}>{heading}</{tag}>\n")
        parts += [f"<p>{writer.paragraph(rng.randint(2, 5))}</p>\n" for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.4:
            items = "".join(f"<li>{writer.sentence()}</li>" for _ in range(rng.randint(2, 5)))
            parts.append(f"<ul>{items}</ul>\n")
    return "".join(parts)


def new_site_practice(rng: random.Random, number: int) -> Drawn:
    """The three tabs of a practice on the new site."""
    writer, unit = Writer(rng, "pl"), rng.choice(polish_units())
    title = writer.title()
    address = f"https://dobrepraktyki.pl/praktyka/{number + 1},{'-'.join(title.casefold().split()[:4])}.html"
    path = escape(address.removeprefix("https://dobrepraktyki.pl"))
    cells = "".join(f"<tr><th>{label}:</th><td>{value}</td></tr>\n" for label, value in _metryka(writer, rng, unit))
    summary = "".join(f"<p>{writer.paragraph(rng.randint(3, 7))}</p>" for _ in range(rng.randint(3, 5)))
    tabs = {
        "": f'<section class="summary">{summary}</section><section class="metryka">'
        f"<h2>Metryka praktyki</h2><table>{cells}</table></section>",
        "?tab=content": f'<div class="content">{_presentation(writer, rng, "h2")}</div>',
        "?tab=attachments": '<section class="attachments"><p>Brak załączników.</p></section>',
    }
    entries = [writer.title() for _ in range(30)]
    for tab, body in tabs.items():
        bar = "".join(
            f'<li><a href="{path}{query}">{name}</a></li>'
            for query, name in zip(tabs, ("Skrót i Metryka", "Pełna prezentacja", "Załączniki"), strict=True)
        )
        yield (
            address + tab,
            f'<!DOCTYPE html>\n<html lang="pl"><head><meta charset="utf-8"><title>{escape(title)} | Baza Dobrych Praktyk</title>\n'
            f'<link rel="canonical" href="{escape(address)}">\n{style(rng, 10_000)}{script(rng, 8_000)}</head><body>\n{boxes(rng, 120)}<header class="site-header">'
            f'<a class="logo" href="/">Baza Dobrych Praktyk</a><nav class="main-nav">{menu(rng, entries)}</nav></header>\n<nav class="breadcrumb">'
            f'<a href="/praktyki.html">Praktyki</a> <span>Usługi społeczne</span> <span>Oświata</span></nav>\n<main class="container">'
            f'<article><h1>{escape(title)}</h1>\n<ul class="tabs">{bar}</ul>\n{body}</article></main>\n<footer class="site-footer"><p>Związek Miast'
            f" Polskich · Związek Gmin Wiejskich RP · Związek Powiatów Polskich</p></footer>{boxes(rng, 60)}{script(rng, 6_000)}</body></html>\n",
        )


_DECK_SITES = {
    "pl": (
        "slideplayer.pl",
        "Pobieranie prezentacji. Proszę czekać",
        "Prezentacja na temat:",
        "Zapis prezentacji:",
        "Podobne prezentacje",
        "Pobierz ppt",
    ),
    "en": (
        "slideplayer.com",
        "Presentation is loading. Please wait.",
        "Presentation on theme:",
        "Presentation transcript:",
        "Similar presentations",
        "Download ppt",
    ),
    "de": (
        "slideplayer.org",
        "Die Präsentation wird geladen. Bitte warten",
        "Präsentation zum Thema:",
        "Präsentation transkript:",
        "Ähnliche Präsentationen",
        "Präsentation herunterladen",
    ),
    "cs": ("slideplayer.cz", "Prezentace se nahrává, počkejte prosím", "", "", "", "Stáhnout prezentaci"),
}


def deck(rng: random.Random, number: int) -> Drawn:
    """A slide transcript in one of the three shapes."""
    language = rng.choice(("pl", "pl", "pl", "en", "de", "cs"))
    writer = Writer(rng, language)
    host, loading, theme, transcript, similar, download = _DECK_SITES[language]
    shape = "desktop" if language == "cs" else rng.choice(("classic", "classic", "desktop", "amp"))
    key, title = 1_000_000 + number, writer.title()
    slides = [f"{title} {writer.made_up_name()}", *(writer.paragraph(rng.randint(1, 6)) for _ in range(rng.randint(20, 56)))]
    picture = f"https://images.example.net/25/{key}/slides/slide_"
    related = "".join(
        f'<li class="uk-width-1-3"><div class="uk-thumbnail"><img src="https://{host}/{number}/thumb_{n}.jpg" width="180" height="135" alt=""></div>'
        f'<div class="uk-panel"><a href="https://{host}/slide/{rng.randrange(10**6)}/">{writer.title()}</a></div></li>\n'
        for n in range(20)
    )
    if shape == "classic":
        body = (
            f"<div>{loading}</div><iframe id='playerFrame' src='about:blank'></iframe><div>{loading}</div>\n<h1>{title}</h1>\n<h2>{similar}</h2>\n"
            f"<h2>{theme} &quot;{title}&quot;— {transcript}</h2>\n"
            + "".join(
                f'<div class="q{rng.randrange(4096):x}"><div class="uk-overlay"><img src="{picture}{n}.jpg" width="728" height="546" alt=""></div>'
                f'<div class="uk-panel"><p>{n} {text}</p></div></div>\n'
                for n, text in enumerate(slides, 1)
            )
            + f'<p><a class="download_link" href="/download/{key}/">{download} &quot;{title}&quot;</a></p>\n<h3>{similar}</h3><ul>{related}</ul>'
        )
    elif shape == "desktop":
        body = (
            f'<a class="download_link" href="/x">{download}</a>\n<div>{loading}</div>\n'
            + "".join(
                f'<section><div><b>{n}</b></div><img src="{picture}{n}.jpg"><div>{writer.title()}</div><div>{text}</div></section>\n'
                for n, text in enumerate(slides, 1)
            )
            + (f"<h3>{similar}</h3><ul>{related}</ul>" if similar else "")
        )
    else:
        body = (
            f"<h1>{title}</h1><h2>Slides:</h2>\n"
            + "".join(f'<amp-img src="{picture}{n}.jpg"></amp-img>\n' for n in range(1, len(slides) + 1))
            + f"<div>Advertisements</div><h2>{similar}</h2>\n<ul>{related}</ul>\n"
            + "".join(f"<p>{text}</p>\n" for text in slides)
        )
    path = "amp" if shape == "amp" else "slide"
    yield (
        f"https://{host}/{path}/{key}/",
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>\n<link rel="canonical" '
        f'href="https://{host}/slide/{key}/">\n{style(rng, 7_000)}{script(rng, 8_000)}</head><body>{boxes(rng, 80)}<nav class="uk-navbar"><a href="https://{host}/">'
        f"SlidePlayer</a></nav>\n<div class='uk-container'>{body}</div>\n<footer><span>© 2016 SlidePlayer Inc.</span></footer>{boxes(rng, 60)}{script(rng, 8_000)}"
        "</body></html>\n",
    )


def post(rng: random.Random, number: int) -> Drawn:
    """A post of a blog, Ukrainian or Polish."""
    language = rng.choice(("uk", "uk", "uk", "pl", "pl"))
    writer, title = Writer(rng, language), ""
    title = writer.title()
    year, month, day = writer.date()
    host = f"{'biblioteka' if language == 'pl' else 'knyhozbirnia'}-{number % 40}.blogspot.com"
    address = f"https://{host}/{year}/{month:02}/dopis-{number}.html"
    if language == "pl":
        date, none = f"{writer.weekday()}, {day} {writer.month(month)} {year}", "Brak komentarzy:"
        told = f"Pomysł podsunęła {writer.person()}, {writer.role()} Biblioteki w miejscowości {writer.place()}."
    else:
        date, none = f"{writer.weekday()}, {day} {writer.month(month)} {year} р.", "Немає коментарів:"
        first, second = (rng.choice(ukrainian_units()).name for _ in range(2))
        told = (
            f"Наприкінці {year} року підписано Меморандум про співробітництво між {first} територіальною громадою та {second} територіальною"
            f" громадою в рамках проєкту «{writer.made_up_name()}». Захід відкрила {writer.role()} {writer.person()}."
        )
    paragraphs = [writer.paragraph(rng.randint(3, 8)) for _ in range(rng.randint(5, 8))]
    paragraphs.insert(1, told)
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    archive = [f"{writer.month(1 + n % 12)} {2008 + n // 12} ({rng.randint(1, 30)})" for n in range(60)]
    yield (
        address,
        f"<!DOCTYPE html>\n<html dir='ltr' lang='{language}'><head>\n<meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/>\n<meta "
        f"content='blogger' name='generator'/>\n<link href='{address}' rel='canonical'/>\n<meta content='{title}' property='og:title'/>\n<title>{title}"
        f"</title>\n{style(rng, 14_000)}{script(rng, 3_000)}</head><body>\n{boxes(rng, 150)}<div id='header'><h1 class='title'><a href='https://{host}/'>Blog</a></h1>"
        f"</div>\n<div class='main section' id='main'><div class='widget Blog' id='Blog1'><div class='blog-posts hfeed'>\n<div class=\"date-outer\">"
        f"<h2 class='date-header'><span>{date}</span></h2>\n<div class='post hentry'><h3 class='post-title entry-title'>{title}</h3>\n<div "
        f"class='post-body entry-content' id='post-body-1'>{text}</div>\n<div class='post-footer'>{share_buttons(rng, address)}<span class='post-labels'>"
        f"<a href='/search/label/x' rel='tag'>{writer.made_up_name()}</a></span></div></div></div>\n<div id='comments'><h4>{none}</h4></div></div></div>"
        f"</div>\n<div id='sidebar'>{menu(rng, archive, 'class=archive')}</div>\n{boxes(rng, 60)}{script(rng, 8_000)}</body></html>\n",
    )


def library_page(rng: random.Random, number: int) -> Drawn:
    """A page of the Żoliborz library that tells of partnerships."""
    writer = Writer(rng, "pl")
    title = writer.title()
    parts = [f"<p>{writer.paragraph(rng.randint(3, 6))}</p>\n" for _ in range(rng.randint(5, 8))]
    for name in rng.sample(words()["pages"]["partnership_names"], rng.randint(2, 4)):
        year, _, _ = writer.date()
        first, second = (text.format(number=rng.randint(1, 90)) for text in rng.sample(words()["pages"]["institutions"], 2))
        streets = " – ".join(rng.sample(words()["pages"]["streets"], 3))
        parts.append(
            f"<h3>Partnerstwo „{name}”</h3><p>Partnerstwo powstało w {year} roku z inicjatywy {first} oraz {second}. {writer.paragraph(2)}</p>"
            f"<p>Zasięgiem działania obejmuje rejon ulic: {streets}.</p>\n"
        )
    yield (
        f"http://bpzoliborz.pl/bpzoliborz/index.php/strona-{number}/",
        _site_page(
            rng,
            writer,
            title,
            "Biblioteka Publiczna w Dzielnicy Żoliborz",
            f'<div class="entry-content">{"".join(parts)}</div>',
        ),
    )


def town_page(rng: random.Random, number: int) -> Drawn:
    """A page of no source in particular, which may tell of an agreement."""
    writer, unit, other = Writer(rng, "pl"), rng.choice(polish_units()), rng.choice(polish_units())
    year, month, day = writer.date()
    told = (
        f"<p>Porozumienie o współpracy pomiędzy Gminą {unit.name} a Gminą {other.name} podpisano {day} {writer.month(month)} {year} roku w ramach"
        f" projektu „{writer.made_up_name()}”. Podpis złożyła {writer.role()} {writer.person()}.</p>\n"
    )
    text = "".join(f"<p>{writer.paragraph(rng.randint(3, 7))}</p>\n" for _ in range(rng.randint(5, 9)))
    yield (
        f"https://gmina-{number % 200}.example.org/aktualnosci/{number}",
        _site_page(rng, writer, writer.title(), f"Gmina {unit.name}", f"{text}{told}"),
    )


def _site_page(rng: random.Random, writer: Writer, title: str, site: str, body: str) -> str:
    entries = [writer.title() for _ in range(60)]
    return (
        f'<!DOCTYPE html>\n<html lang="pl-PL"><head><meta charset="UTF-8"><title>{escape(title)} - {site}</title>\n{style(rng, 11_000)}{script(rng, 7_000)}'
        f'</head><body class="page-template-default page"><header id="masthead"><a href="/">{site}</a><nav>{menu(rng, entries)}</nav></header>\n<div '
        f'id="content"><main><article class="page hentry"><header class="entry-header"><h1 class="entry-title">{escape(title)}</h1></header>\n{body}'
        f"</article></main></div>\n<footer><p>© {site}. Wszelkie prawa zastrzeżone.</p></footer>\n{boxes(rng, 200)}{script(rng, 5_000)}</body></html>\n"
    )
