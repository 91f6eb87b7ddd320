// How an answer looks: the theme's own colours, so that light, dark and high contrast come by themselves.

import chartStyle from 'uplot/dist/uPlot.min.css';

const own = `
.runbook-query { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
.runbook-query section + section { margin-top: 1.2em; border-top: 1px solid var(--vscode-panel-border, #8884); padding-top: 1em; }
.runbook-query header { margin-bottom: 0.5em; }
.runbook-query .query { font-family: var(--vscode-editor-font-family, monospace); white-space: pre-wrap; overflow-wrap: anywhere; }
.runbook-query .about, .runbook-query .note, .runbook-query caption { color: var(--vscode-descriptionForeground); font-size: 0.92em; }
.runbook-query .note { margin-top: 0.4em; }
.runbook-query .chart { margin: 0.3em 0 0.5em; outline-offset: 2px; }
.runbook-query .chart:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.runbook-query .uplot { font-family: inherit; width: 100%; }
.runbook-query .u-cursor-x { border-right: 1px dashed var(--vscode-descriptionForeground, #888); }
.runbook-query .u-select { background: var(--vscode-editor-selectionBackground, #8884); }
.runbook-query .table { max-height: 300px; overflow: auto; }
.runbook-query thead th { position: sticky; top: 0; background: var(--vscode-editor-background); }
.runbook-query table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.runbook-query caption { text-align: left; caption-side: bottom; padding-top: 0.3em; }
.runbook-query th, .runbook-query td { text-align: right; padding: 2px 12px 2px 0; border: none; border-bottom: 1px solid var(--vscode-panel-border, #8882); vertical-align: top; }
.runbook-query th:first-child, .runbook-query td:first-child { text-align: left; font-family: var(--vscode-editor-font-family, monospace); font-weight: normal; overflow-wrap: anywhere; }
.runbook-query thead th { color: var(--vscode-descriptionForeground); font-weight: normal; font-family: var(--vscode-font-family) !important; }
.runbook-query button { all: unset; cursor: pointer; display: inline-flex; gap: 0.5em; align-items: baseline; }
.runbook-query button:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.runbook-query button[aria-pressed="false"] { opacity: 0.45; text-decoration: line-through; }
.runbook-query .swatch { display: inline-block; width: 0.9em; height: 0.25em; min-width: 0.9em; transform: translateY(-0.25em); }
.runbook-query .beyond { color: var(--vscode-errorForeground, #c33); font-weight: 600; }
`;

export const style = `${chartStyle}\n${own}`;
