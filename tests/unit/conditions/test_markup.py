from __future__ import annotations

from leadkit.conditions import markup

HOSTILE = "<b>\"&'"
SAFE = "&lt;b&gt;&quot;&amp;&#x27;"


def test_every_text_is_escaped() -> None:
    assert markup.escaped(HOSTILE) == SAFE
    assert markup.muted(HOSTILE) == f'<span style="opacity:.65">{SAFE}</span>'
    assert markup.marked("<", "red") == '<span style="color:red;font-weight:600">&lt;</span>'
    assert f">{SAFE}</span>" in markup.badge(HOSTILE, markup.MORE)
    assert markup.heading(HOSTILE) == f'<div style="margin:.9em 0 .3em;font-weight:600">{SAFE}</div>'


def test_markup_goes_in_as_it_is() -> None:
    assert markup.heading("a", "<i>b</i>", "<i>c</i>").endswith(">a <i>b</i> <i>c</i></div>")
    assert markup.framed("<i>a</i>", "b") == (
        "<div style=\"font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;max-width:64em\">"
        "<i>a</i>b</div>"
    )
    cell = '<td style="text-align:left;vertical-align:top;padding:.15em .9em .15em 0;border:0;background:none">'
    assert markup.row("<i>a</i>", "b") == f"<tr>{cell}<i>a</i></td>{cell}b</td></tr>"
    assert markup.table(["<tr></tr>", "<tr></tr>"]) == (
        '<table style="border-collapse:collapse;border:0;margin:0;font:inherit;color:inherit">'
        "<tr></tr><tr></tr></table>"
    )
    assert markup.unbroken("<i>a</i>") == '<span style="white-space:nowrap"><i>a</i></span>'


def test_a_badge_stands_on_a_light_shade_of_its_colour() -> None:
    assert markup.badge("+20", markup.MORE) == (
        '<span style="display:inline-block;padding:0 .6em;border-radius:1em;font-variant-numeric:tabular-nums;'
        'white-space:nowrap;background:#23863622;color:#238636;font-weight:600">+20</span>'
    )
    assert "background:#e5484d22;color:#e5484d" in markup.badge("-5", markup.LESS)
    assert "background:#8b949e22;color:#8b949e" in markup.badge("0", markup.SAME)
    assert "background:rgba(127,127,127,.15);color:inherit" in markup.badge("0", markup.PLAIN)
