// The report's look: readable in light and dark, on paper, and with a screen reader; no script, nothing fetched.

export const reportStyle = `
:root { color-scheme: light dark; --fg: #1b1f24; --bg: #ffffff; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --good: #116329; --bad: #a40e26; --add: #dafbe1; --del: #ffebe9; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --fg: #e6edf3; --bg: #0d1117; --soft: #9da7b3; --line: #30363d; --panel: #161b22;
  --good: #56d364; --bad: #ff7b72; --add: #12351f; --del: #4a1a1d; --link: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--fg); background: var(--bg); }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 0; display: inline; }
a { color: var(--link); } a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; top: 1rem; background: var(--bg); padding: .5rem; }
.soft { color: var(--soft); } .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } td { overflow-wrap: anywhere; } td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; } .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .75rem; overflow: auto; max-height: 28rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: .6rem .8rem; } summary { cursor: pointer; }
.add { background: var(--add); display: block; } .del { background: var(--del); display: block; }
.b { font-weight: 700; } .u { text-decoration: underline; }
.c-red { color: #b3261e; } .c-green { color: #116329; } .c-yellow { color: #7a5200; } .c-blue { color: #0550ae; } .c-magenta { color: #8250df; } .c-cyan { color: #0b6477; } .c-white, .c-black { color: inherit; }
@media (prefers-color-scheme: dark) { .c-red { color: #ff7b72; } .c-green { color: #56d364; } .c-yellow { color: #e3b341; } .c-blue { color: #79c0ff; } .c-magenta { color: #d2a8ff; } .c-cyan { color: #56d4dd; } }
@media print { body { max-width: none; } pre { max-height: none; } details { break-inside: avoid; } }
`;
