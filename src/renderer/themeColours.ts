// Colours of the theme as the chart's canvas needs them: read when it is drawn, and again when the theme changes.

export interface ThemeColours {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly threshold: string;
  /** By the series' index, repeated. */
  readonly lines: readonly string[];
}

/** The theme's chart colours, then what stands out on light and dark alike. */
const named = ['blue', 'orange', 'green', 'purple', 'yellow'] as const;
const more = ['#17a2b8', '#e377c2', '#8c6d31', '#7f7f7f', '#bcbd22'];
const fallback = ['#3794ff', '#d18616', '#369432', '#9d5cd6', '#b5891c'];

export function themeColours(): ThemeColours {
  const own = getComputedStyle(document.body);
  const read = (name: string, otherwise: string): string =>
    own.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const text = read('foreground', '#888');
  return {
    background:
      read('notebook-outputContainerBackgroundColor', '') || read('editor-background', 'transparent'),
    text,
    faint: read('descriptionForeground', text),
    grid: read('panel-border', 'rgba(128, 128, 128, 0.25)'),
    threshold: read('charts-red', '#e51400'),
    lines: [...named.map((name, index) => read(`charts-${name}`, fallback[index]!)), ...more],
  };
}

/** Calls back when the theme has changed. @returns what ends it */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributes = { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] };
  observer.observe(document.body, attributes);
  observer.observe(document.documentElement, attributes);
  return () => observer.disconnect();
}
