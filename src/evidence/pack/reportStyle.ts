// The report's look: readable in light and dark, on paper and on a telephone, and with a screen reader; no script,
// nothing fetched. Every colour of a text has 4.5 : 1 against what it stands on; the pack's test holds that.

const colours = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'];

export const reportStyle = `
:root { color-scheme: light dark; --fg: #1b1f24; --bg: #ffffff; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --good: #116329; --bad: #a40e26; --add: #dafbe1; --del: #ffebe9; --link: #0550ae;
  --red: #b3261e; --green: #116329; --yellow: #7a5200; --blue: #0550ae; --magenta: #8250df; --cyan: #0b6477; --grey: #57606a; }
@media screen and (prefers-color-scheme: dark) { :root { --fg: #e6edf3; --bg: #0d1117; --soft: #9da7b3; --line: #30363d;
  --panel: #161b22; --good: #56d364; --bad: #ff7b72; --add: #12351f; --del: #4a1a1d; --link: #79c0ff;
  --red: #ff7b72; --green: #56d364; --yellow: #e3b341; --blue: #79c0ff; --magenta: #d2a8ff; --cyan: #56d4dd; --grey: #9da7b3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--fg); background: var(--bg); overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 0; display: inline; }
p { margin: .5rem 0; } code { font: .92em ui-monospace, monospace; }
a { color: var(--link); } a.soft { color: var(--soft); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
tr:target { background: var(--panel); outline: 2px solid var(--link); }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: 1rem; background: var(--bg); padding: .5rem; }
.soft { color: var(--soft); } .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
p.soft { font-size: .85rem; margin: .6rem 0 .2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } td.time { white-space: nowrap; font-variant-numeric: tabular-nums; } td.cite { white-space: nowrap; color: var(--soft); font-size: .8rem; }
/* No column is so narrow that it breaks a name. */
th, td.who { overflow-wrap: break-word; } td .bad, td .good { overflow-wrap: normal; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; } .facts dt { color: var(--soft); } .facts dd { margin: 0; }
pre { margin: .4rem 0; padding: .75rem; overflow: auto; max-height: 28rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; }
/* Columns stay columns. */
pre.out { white-space: pre; overflow-wrap: normal; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: .6rem .8rem; } summary { cursor: pointer; }
.add { background: var(--add); display: block; } .del { background: var(--del); display: block; }
.b { font-weight: 700; } .u { text-decoration: underline; }
${colours.map((one) => `.c-${one} { color: var(--${one}); }`).join(' ')} .c-white, .c-black { color: inherit; }
${colours.map((one) => `.g-${one} { background: var(--${one}); }`).join(' ')} .i, .g-black, .g-white { background: var(--fg); }
.i, ${colours.map((one) => `.g-${one}`).join(', ')}, .g-black, .g-white { color: var(--panel); }
@media screen and (max-width: 46rem) {
  body { padding: 1rem; }
  thead { position: absolute; left: -999px; } table, tbody, tr, td { display: block; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; } td { border: 0; padding: .05rem 0 .05rem 6.2rem; min-height: 1.4rem; }
  td.none { display: none; } td.cite, td.time { white-space: normal; }
  td::before { content: attr(data-label); float: left; margin-left: -6.2rem; width: 5.8rem; color: var(--soft); font: .9rem/1.55 system-ui, sans-serif; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; } .skip, nav { display: none; }
  pre, pre.out { max-height: none; overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; }
  h2, h3, summary { break-after: avoid; } tr { break-inside: avoid; } a { color: inherit; text-decoration: none; }
  .add, .del, .i, [class*=g-] { print-color-adjust: exact; }
  /* Paper can't be unfolded. */
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
