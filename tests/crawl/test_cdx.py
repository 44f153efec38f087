"""Lists of captures in every form archives give them, and any text instead of one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.crawl.webarchives.cdx import CdxLine, cdx_list, memento_time

PAGE = CdxLine("http://gmina.example.org/a?b=1", "20180203040506", "text/html", 200, "AAAA")
FORMS = {
    "wayback json": '[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],\n'
    '["org,example,gmina)/a?b=1","20180203040506","http://gmina.example.org/a?b=1","text/html","200","AAAA","99"]]\n',
    "wayback text": "org,example,gmina)/a?b=1 20180203040506 http://gmina.example.org/a?b=1 text/html 200 AAAA 99\n",
    "eleven fields": " CDX N b a m s k r M S V g\n"
    "org,example,gmina)/a?b=1 20180203040506 http://gmina.example.org/a?b=1 text/html 200 AAAA - - 99 1234 x.warc.gz\n",
    "nine fields": "org,example,gmina)/a?b=1 20180203040506 http://gmina.example.org/a?b=1 text/html 200 AAAA"
    " - 1234 x.warc.gz\n",
    "json lines": '{"urlkey": "org,example,gmina)/a?b=1", "timestamp": "20180203040506", "url": "http://gmina.example.org/a?b=1",'
    ' "mime": "text/html", "status": "200", "digest": "AAAA"}\n',
    "cdxj": '!meta 0 {"format":"x"}\norg,example,gmina)/a?b=1 20180203040506 {"url":"http://gmina.example.org/a?b=1",'
    '"mime":"text/html","status":200,"digest":"AAAA","offset":"1234","filename":"x.warc.gz"}\n',
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_every_form_says_the_same(text: str) -> None:
    found = cdx_list(text)
    assert [line._replace(filename=None, offset=None) for line in found.lines] == [PAGE]
    assert found.lines[0].offset in (None, 1234)
    assert (found.resume_key, found.unread) == (None, 0)


def test_resume_keys_stand_behind_an_empty_line() -> None:
    json_form = FORMS["wayback json"].rstrip().removesuffix("]") + ',\n[],\n["org,example)/x 2018!"]]'
    assert cdx_list(json_form).resume_key == "org,example)/x 2018!"
    assert cdx_list(FORMS["wayback text"] + "\norg%2Cexample%29%2Fx+2018\n").resume_key == "org%2Cexample%29%2Fx+2018"


@pytest.mark.parametrize("text", ["", "\n", "[]", "[]\n", "\ufeff"])
def test_an_empty_list_is_empty(text: str) -> None:
    assert cdx_list(text).lines == []


@pytest.mark.parametrize("text", ["<html>busy</html>", "Too many requests", "[[1,2]]", '[["urlkey"', '{"message": "no"}'])
def test_another_answer_is_no_list(text: str) -> None:
    with pytest.raises(ValueError, match="list of captures"):
        cdx_list(text)


def test_a_cut_list_gives_its_whole_lines() -> None:
    row = '["k","20180203040506","http://gmina.example.org/%s","text/html","200","AAAA","9"],\n'
    text = (
        '[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],\n' + row % "a" + row % "b" + '["k","2018'
    )
    assert [line.url[-1] for line in cdx_list(text, is_cut=True).lines] == ["a", "b"]
    lines = FORMS["json lines"] * 2 + FORMS["json lines"][:40]
    assert len(cdx_list(lines, is_cut=True).lines) == 2


def test_what_counts_as_good() -> None:
    assert PAGE.is_good
    assert PAGE._replace(status=None, mime="warc/revisit").is_good
    assert not any(PAGE._replace(status=status).is_good for status in (None, 301, 404, 503))


@pytest.mark.parametrize("digits", ["2018", "20180230000000", "20180203046000", "x" * 14, "２０１８０２０３０４０５０６"])
def test_what_is_no_time_is_none(digits: str) -> None:
    assert memento_time(digits) is None


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(list(FORMS.values())).flatmap(lambda t: st.integers(0, len(t)).map(lambda n: t[:n])),
    st.booleans(),
)
def test_any_text_is_a_list_or_a_value_error(text: str, is_cut: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    try:
        found = cdx_list(text, is_cut=is_cut)
    except ValueError:
        return
    assert all(memento_time(line.timestamp) is not None and line.url for line in found.lines)
