"""Texts that try to be more than text."""

from __future__ import annotations

HOSTILE = (
    "<script>window.harmed = 1</script>",
    "</script><img src=x onerror='window.harmed = 1'>",
    "\"'><svg onload=window.harmed=1>{{7*7}}${7*7}<%= 7*7 %>",
    "ogród \u202ekod\u202c \u2066 ]]> <!-- & &lt;b&gt; \\u003c",
    '=HYPERLINK("http://evil.example/";"kliknij")',
)
