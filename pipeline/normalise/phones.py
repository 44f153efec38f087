"""Telephone and fax numbers as printed in Poland and Ukraine, to E.164 (ITU-T) with the extension as in RFC 3966."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import phonenumbers

from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, invalid, missing, ok, repaired
from pipeline.normalise.text import one_line, plain_dashes, says_nothing

Kind = Literal["phone", "fax", "mobile"]


class Phone(NamedTuple):
    """A number in E.164, ``;ext=12`` appended for an extension, and what answers there."""

    e164: str
    kind: Kind


_LABEL = (
    r"(?P<both>(?:tel(?:efon)?|тел(?:ефон)?)\.?\s*(?:/|i|oraz|,|та|і|\+|-)?\s*(?:fax|faks|факс)\b\.?"
    r"|(?:fax|faks|факс)\.?\s*/\s*(?:tel(?:efon)?|тел(?:ефон)?)\b\.?|telefaks|telefax)"
    r"|(?P<fax>\b(?:fax|faks|факс)\w{0,2}\b\.?)"
    r"|(?P<mobile>\b(?:(?:tel(?:efon)?\.?\s*)?kom(?:órk\w*|órkowy)?|gsm|mobile|mob|моб(?:ільний)?)\b\.?)"
    r"|(?P<phone>\b(?:tel(?:efon)?\w{0,2}|phone|ph|centrala|sekretariat|тел(?:ефон)?\w{0,2})\b\.?)"
)
_TRUNK = re.compile(
    r"\(?\s*\b0\s*[-–]?\s*(?:prefiks|prefix|pref\.?|xx|\*+|\.{2,}|…)\s*[-–]?\s*(?P<code>\d{2})\s*\)?(?=[\s\-–]*\d)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?P<ext>(?:;ext=|\b(?:wewn?|w|ext|int|вн|внутр|дод)\b\.?:?\s*)"
    r"(?P<exts>\d{1,6}(?:\s?(?:,|/|i|lub|oraz|та|або)\s?\d{1,4}(?!\d|[ -]\d{2,3}[ -]?\d))*)(?!\d))"
    r"|(?P<label>" + _LABEL + r")"
    r"|(?P<number>(?:\+\s?)?\(?\s?\d(?:(?:[ .()-]{0,3}|\ue000+)\d)*)"
    r"(?P<tail>\s(?:do|до)\s\d{2,3}(?![.:]?\d|\s\d)|\s\((?:do|до)\s(?:0\d|\d{3})\)|(?:\s?/\s?\d{1,3}(?![\d ]?\d))*)"
    r"|(?P<word>[^\W\d_]+)|(?P<stop>[,;/\n|])",
    re.IGNORECASE,
)  # fmt: skip
_SPACE = re.compile(r"[^\S\r\n]")  # no-break and thin spaces, one for one
_FILLER = "\ue000"
_SLASHED_AREA = re.compile(
    r"(?<!\d)(?<!\d )(\(?0?-?\d{2}\)?)/(?P<gap> ?)(?=(?:\d{3}[ -]?\d{2}[ -]?\d{2}|\d{2}[ -]?\d{2}[ -]?\d{3})(?!\d))"
)
"""An area code and a slash before seven digits; the slash ahead of it, as in "/62/ 747 23 46", parts nothing."""
_SLASHED_MOBILE = re.compile(r"(?<!\d)([4-8]\d{2})/(?=\d{3}[ -]?\d{3}(?!\d))")
_BRACKETED_ENDINGS = re.compile(r"(?<=\d) ?\(\d{1,3}(?: ?[,;/] ?\d{1,3})+\)(?! ?\d)")
"""Endings of further numbers behind a whole one: "17 225 22 63 (64, 65)"."""
_AS_SLASHES = str.maketrans("(,;)", "/// ")
_PASSED_OVER = frozenset("godz godzinach godziny pok pokój pokoju pokoje nr od do w dni dniach год каб кабінет кімната".split())
_NOT_A_NUMBER = "no number of the region has these digits"


def phones(text: str, region: str = "PL") -> list[Reading[Phone]]:
    """Every number of the text in order; ``region`` (ISO 3166) is where numbers without a country code belong.

    A number said to be telephone and fax is answered twice, once of each kind. Short endings ("46/47") and numbers without
    their area code are completed from the number before them and said to be repaired. What cannot be a number is invalid.
    """
    if says_nothing(text):
        return [missing(text)] if text.strip() else []
    if len(text) > MAX_VALUE:
        return [invalid(text, TOO_LONG)]
    plain = _TRUNK.sub(lambda m: _padded(m["code"], m), _SPACE.sub(" ", plain_dashes(text)))
    if "(" in plain:
        plain = _BRACKETED_ENDINGS.sub(lambda m: m[0].translate(_AS_SLASHES), plain)
    if region == "PL":
        plain = _SLASHED_MOBILE.sub(r"\1 ", _SLASHED_AREA.sub(r"\1 \g<gap>", plain))
    found = _Scan(region).read(plain, text)
    return found or [invalid(text, "the text holds no telephone number")]


def _padded(code: str, match: re.Match[str]) -> str:
    """``(0 prefix 62)`` as ``0`` and the area code, of the same length, so that places in the text stay right."""
    return "0" + _FILLER * (match.end() - match.start() - 1 - len(code)) + code


class _Scan:
    """One pass over a text: the label in force and the number before, which short endings are completed from."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.kinds: tuple[Kind | None, ...] = (None,)
        self.found: list[Reading[Phone]] = []
        self.before: str | None = None  # E.164 of the last good number
        self.since_number = 0  # how many readings the last printed number gave
        self.word = ""
        self.is_labelled = False
        self.is_label_used = False

    def read(self, plain: str, text: str) -> list[Reading[Phone]]:
        for match in _TOKEN.finditer(plain):
            if match[0].startswith("\n") and self.is_label_used:
                self.kinds = (None,)  # "tel./fax 77 541 65 10" says nothing of the number on the next line
            raw = text[match.start() : match.end()].strip()
            if match["ext"]:
                self._extensions(re.findall(r"\d+", match["exts"]), raw)
            elif match["label"]:
                self._label(match, plain)
            elif match["number"]:
                self._number(match["number"], match["tail"], raw)
            elif match["word"]:
                self.word = match["word"].casefold()
                if self.word not in {"nr", "numer", "номер", "lub", "i", "oraz", "та", "або"}:
                    self.is_labelled = False
        return self.found

    def _label(self, match: re.Match[str], plain: str) -> None:
        kinds: tuple[Kind | None, ...]
        kinds = ("phone", "fax") if match["both"] else ("fax",) if match["fax"] else ("mobile",) if match["mobile"] else (None,)
        rest = plain[match.end() :]
        before = plain[: match.start()].rstrip()
        follows_number = before.endswith("(") or not re.search(r"\d{3}", rest)
        if follows_number and self.since_number and before.rstrip(" (")[-1:].isdigit():
            self._relabel(kinds)
            return
        self.kinds, self.is_labelled, self.is_label_used, self.word = kinds, True, False, ""

    def _relabel(self, kinds: tuple[Kind | None, ...]) -> None:
        """A label behind its number: "62 747 23 46 (fax)"."""
        last = self.found[-self.since_number :]
        del self.found[-self.since_number :]
        for reading in last:
            for kind in kinds:
                value = reading.value and reading.value._replace(kind=kind or reading.value.kind)
                self.found.append(Reading(value, reading.status, reading.raw, reading.reason, reading.candidates))
        self.since_number = len(last) * len(kinds)

    def _number(self, number: str, tail: str, raw: str) -> None:
        digits = re.sub(r"\D", "", number)
        if not self.is_labelled and len(digits) < 7 and (self.word in _PASSED_OVER or (self.before and self.word)):
            return
        self.since_number, self.is_label_used = 0, True
        endings = re.findall(r"\d+", tail)
        parted = re.fullmatch(r"(.*\d{2,4}) ?- ?(\d{1,3})", number.strip())
        if not endings and parted and self._e164(number)[0] is None and self._e164(parted[1])[0] is not None:
            number, endings = parted[1], [parted[2]]
        halves = self._two_numbers(number)
        for one in halves or [number]:
            e164, reason = self._completed(one)
            if halves:
                reason = reason or "two numbers stand without a sign between them"
            self._add(e164, reason, raw if not halves else one.strip())
        is_range = "/" not in tail and not parted  # "41 do 43": its first and its last number
        for ending in endings:
            if self.before is None:
                self._add(None, "an ending without the number it belongs to", raw)
            elif is_range and self.before.partition(";")[0][-len(ending) :] >= ending:
                self._add(None, "the ending of a range is not above its beginning", raw)
            else:
                self._add(
                    self.before.partition(";")[0][: -len(ending)] + ending,
                    "the ending is completed from the number before it",
                    raw,
                )

    def _two_numbers(self, number: str) -> list[str]:
        digits = [match.start() for match in re.finditer(r"\d", number)]
        if len(digits) < 14 or self._e164(number)[0] is not None:
            return []
        for count in (9, 10, 11, 12):
            if len(digits) - count >= 9:
                halves = [number[: digits[count]], number[digits[count] :]]
                if all(self._e164(half)[0] for half in halves):
                    return halves
        return []

    def _completed(self, number: str) -> tuple[str | None, str]:
        e164, reason = self._e164(number)
        digits = re.sub(r"\D", "", number)
        if e164 is not None or self.before is None or number.lstrip().startswith("+"):
            return e164, reason
        before = self.before.partition(";")[0]
        if len(digits) <= 3 or (self.region == "PL" and len(digits) == 7 and before.startswith("+48")):
            whole = before[: -len(digits)] + digits
            if phonenumbers.is_valid_number(phonenumbers.parse(whole, None)):
                what = "the ending" if len(digits) <= 3 else "the area code"
                return whole, f"{what} is completed from the number before it"
        return e164, reason

    def _e164(self, number: str) -> tuple[str | None, str]:
        """E.164 and the slip mended, or None and why not."""
        digits = re.sub(r"\D", "", number)
        slip = ""
        if number.lstrip(" (").startswith("+"):
            international = digits
            inner_zero = re.match(r"\s*\+\s*(\d{2,3})\s*\(0\)", number)
            if inner_zero:
                international, slip = inner_zero[1] + digits[len(inner_zero[1]) + 1 :], "the trunk 0 is left out"
        elif digits.startswith("00"):
            international = digits[2:]
        elif (self.region == "PL" and len(digits) == 11 and digits.startswith("48")) or (
            self.region == "UA" and len(digits) == 12 and digits.startswith("380")
        ):
            international, slip = digits, "the + of the country code is missing"
        elif self.region == "UA" and len(digits) == 11 and digits.startswith("80"):
            international, slip = "3" + digits, "the old trunk 8 is left out"
        else:
            if self.region == "PL" and digits.startswith("0") and len(digits) > 9:
                digits, slip = digits[1:], "the old trunk 0 is left out"
            if self.region == "PL" and len(digits) == 7:
                return None, "the area code is missing"
            return self._parsed(digits, slip)
        if international.startswith("480") and len(international) == 12:
            international, slip = "48" + international[3:], "the trunk 0 is left out"
        return self._parsed("+" + international, slip)

    def _parsed(self, digits: str, slip: str) -> tuple[str | None, str]:
        bare = digits.lstrip("+")
        if len(bare) < 7:
            return None, "too few digits for a telephone number"
        if len(bare) > 15:
            return None, "too many digits for a telephone number"
        try:
            parsed = phonenumbers.parse(digits, self.region)
        except phonenumbers.NumberParseException:
            return None, _NOT_A_NUMBER
        if not phonenumbers.is_valid_number(parsed):
            return None, _NOT_A_NUMBER
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), slip

    def _add(self, e164: str | None, reason: str, raw: str) -> None:
        if e164 is None:
            self.found.append(invalid(raw, reason))
            self.since_number += 1
            return
        self.before = e164
        for kind in self.kinds:
            value = Phone(e164, kind or _kind_of(e164))
            self.found.append(repaired(value, raw, reason) if reason else ok(value, raw))
            self.since_number += 1

    def _extensions(self, extensions: list[str], raw: str) -> None:
        """Extensions belong to the number before them; each further one is a number of its own."""
        if not self.since_number or self.before is None:
            if self.is_labelled or not self.found:
                self.found.append(invalid(raw, "an extension without the number it belongs to"))
            return
        last = self.found[-self.since_number :]
        is_of_fax = self.kinds == ("fax",) and self.is_labelled and all(r.value and r.value.kind != "fax" for r in last)
        if not is_of_fax:  # "tel. 56 674 20 00, fax w. 40" tells a fax beside the telephone
            del self.found[-self.since_number :]
        for extension in extensions:
            for reading in last:
                kind: Kind = "fax" if is_of_fax or reading.value is None else reading.value.kind
                value = reading.value and Phone(f"{reading.value.e164.partition(';')[0]};ext={extension}", kind)
                self.found.append(
                    Reading(value, reading.status, one_line(f"{reading.raw} {raw}").replace(" ;ext", ";ext"), reading.reason)
                )
        self.since_number = len(last) * len(extensions)


def _kind_of(e164: str) -> Kind:
    parsed = phonenumbers.parse(e164, None)
    return "mobile" if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE else "phone"
