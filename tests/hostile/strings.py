"""Words that try to be something else. Each bears MARK, so that what became of it can be found.

Short ones fit in nearly every field; the heavy ones are tried where a length is not the question.
"""

from __future__ import annotations

MARK = "zqx"

HOSTILE = {
    "script": f"<script>{MARK}(1)</script>",
    "image": f"<img src={MARK} onerror={MARK}(1)>",
    "out of an attribute": f'"><svg onload={MARK}(1)>',
    "out of a single quote": f"' onfocus='{MARK}(1)' x='",
    "out of a script": f"</script><script>{MARK}</script>",
    "out of a comment": f"--><style>{MARK}{{}}</style><!--",
    "out of a cdata": f"]]><{MARK}/>&{MARK};",
    "link": f"javascript:{MARK}(1)//http://a.test",
    "django": f"{{{{ {MARK} }}}}{{% {MARK} %}}{{# {MARK}",
    "format": f"{{{MARK}}} {{0.__class__}} %s %({MARK})s ${{{MARK}}}",
    "typst": f'#{MARK}("x") $ {MARK} $ *_`@<{MARK}>`\\',
    "formula": f'=HYPERLINK("http://a.test/{MARK}")',
    "formula by plus": f"+cmd|' /C {MARK}'!A0",
    "formula by minus": f"-2+3+cmd|'{MARK}'!A0",
    "formula by at": f"@SUM({MARK})",
    "formula behind a tab": f"\t=1+{MARK}",
    "formula behind a return": f"\r=1+{MARK}",
    "cells": f'{MARK};b,c\td"e""f',
    "sql": f"'; DROP TABLE {MARK}; --",
    "header": f"{MARK}\r\nBcc: tous@a.test\r\n\r\n{MARK}",
    "right to left": f"{MARK}\u202egpj.exe\u2066x\u200b",
    "control signs": f"{MARK}\x01\x08\x0b\x1b\x7f",
    "path": f"../../../etc/{MARK}\\..\\..",
    "emoji": f"🏚️👩‍👩‍👧‍👦 𝔘𝔫𝔦 \U0010ffff {MARK}",
    "one long word": MARK + "a" * 57,
}
# What no database keeps: refused with words, or cleaned; never an error.
UNKEEPABLE = {
    "null": f"{MARK}\x00{MARK}",
    "lone surrogate": f"{MARK}\ud800{MARK}",
}
FILE_NAMES = {
    "path": f"../../../tmp/{MARK}.pdf",
    "backslashes": f"..\\..\\{MARK}.pdf",
    "markup": f"<img src=x onerror={MARK}>.pdf",
    "quotes": f'{MARK}"; filename="x.html.pdf',
    "right to left": f"{MARK}\u202efdp.exe.pdf",
    "formula": f"=1+{MARK}.pdf",
    "header": f"{MARK}\r\nSet-Cookie: a=b.pdf",
    "long": MARK + "é" * 300 + ".pdf",
    "two endings": f"{MARK}.html.pdf",
    "emoji": f"🏚️{MARK}.pdf",
}
