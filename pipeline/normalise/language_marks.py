"""What tells languages apart before statistics do: letters and the small words that no sentence goes without."""

from __future__ import annotations

LETTERS = {
    "pl": "ąćęłńśźż",
    "cs": "ěřů",
    "sk": "ľĺŕ",
    "de": "ß",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "fr": "èêçœùëîû",
    "ro": "ășțţ",
    "hu": "őű",
    "tr": "ğış",
    "lt": "ėįųū",
    "lv": "āēīļņķģ",
    "hr": "đ",
    "vi": "ơưđ",
    "da": "øå",
    "no": "øå",
    "sv": "åäö",
}
"""Letters that a language uses and its neighbours here do not; a word with one is a witness, not a proof."""

MARKED_LETTERS = {
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "de": "äöüß",
    "en": "",
    "fr": "àâæçéèêëîïôœùûü",
    "es": "áéíñóúü",
    "pt": "àáâãçéêíóôõú",
    "it": "àèéìíîòóùú",
    "nl": "éëïóöüèê",
}
"""All letters beyond a to z of a language's alphabet: a word with another one is foreign to it."""

ABSENT_LETTERS = {"uk": "ыэёъў", "ru": "іїєґў'", "be": "иїєґщъ", "bg": "ыэёіїєґў'"}
"""Letters that no word of the language is spelt with."""

ABSENT_PAIRS = {"be": "рі ті ді рь ть дь ря тя дя рю тю дю чі жі ші чя".split()}
"""Pairs of letters that no word of the language has: р, ж, ч, ш are hard in Belarusian and т, д soften to ц, дз."""

SMALL_WORDS = {
    "pl": "i w z na do się nie że jest oraz od dla po przez jak to o ze przy są był była było być a ale który która które"
    " których ich tym tego tej może już także też pod nad czy jego jej co za ma mają były został została zostały można we"
    " bez między między innymi jako u nas nasz tylko bardzo więcej jeśli aby żeby lub tak tu gdy roku lat oni on ona",
    "cs": "a v na se je že do z s k o pro od za po byl byla bylo jsou jako ale by nebo už jeho které který která při ve ze"
    " což tak také jen mezi není být jsem jsme pod před však až když co kde jak podle své tím této tento bude mají má u",
    "sk": "a v na sa je že do z s k o pre od za po bol bola bolo sú ako ale by alebo už jeho ktoré ktorý ktorá pri vo zo"
    " čo tak aj len medzi nie byť som sme pod pred však až keď kde podľa svoje tým tejto tento bude majú má sme u",
    "en": "the of and to in is that for it was on are as with be by this at from or an were which have has had not but"
    " they their will can its we our you your who when where how all more new been also into than these those there he she"
    " his her after before about",
    "de": "der die das und in zu den von mit ist auf für im dem nicht ein eine als auch es an werden aus er hat dass sie"
    " nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man"
    " wir ihr uns unser diese dieser kann",
    "fr": "le la les de des et en un une du est que pour dans qui par sur pas au plus ce il sont avec ou se aux son cette"
    " ses mais nous vous leur leurs ont été être ces comme elle ils fait à où deux même notre votre l d qu n s c",
    "es": "el la los las de y en que un una del se por con para es al lo como más su sus o este esta pero son fue ha no"
    " sobre entre cuando muy sin ser también hay desde todo nos nuestra nuestro está han donde porque",
    "pt": "o a os as de e em que um uma do da dos das no na nos nas por com para é ao se mais como foi mas são ou seu sua"
    " não pelo pela também ser entre sobre quando muito há já está este esta nossa nosso",
    "it": "il lo la i gli le di e in che un una del della dei delle per con è al alla come più non sono su nel nella anche"
    " si ha da questo",
    "nl": "de het een en van in is dat op te zijn met voor die er aan niet om ook als maar bij uit naar door over kan"
    " wordt werd hun onze ons wij zij dit deze meer nog wel geen heeft hebben terwijl waar tot",
    "uk": "і в у на з що не до та для як за від по це про є був була було були або але його її їх які який яка яке при так"
    " ми ви вони він вона щоб може також під між через коли де вже ще цього того цей ця нас наш наша із зі й якщо років"
    " року бути лише дуже після",
    "ru": "и в на с что не по для как за от это о был была было были или но его её их которые который которая при так мы"
    " вы они он она чтобы может также под между через когда где уже ещё этого того этот эта нас наш наша из со же если лет"
    " года быть только очень после к у",
    "be": "і ў у на з што не да для як за ад па гэта пра быў была было былі або але яго яе іх якія які якая якое пры так"
    " мы вы яны ён яна каб можа таксама пад паміж праз калі дзе ўжо яшчэ гэтага таго гэты нас наш наша са ж год гадоў быць"
    " толькі вельмі пасля",
    "bg": "и в на с че не за от да се по е са като при до си или но това този тази които който която са беше след със във"
    " има между",
}
"""The most frequent small words, as they stand in running text, in small letters."""
