// The shapes in which a runbook's own words about alerts and severity are handed up: what it declares, where,
// by which form it was read, and how sure that is.

/** How a link between a runbook and an alert came to be. */
export type AlertVia =
  | 'front-matter'
  | 'label'
  | 'alert-heading'
  | 'rule-fence'
  | 'table'
  | 'finding-type'
  | 'file-name'
  | 'heading'
  | 'section-heading'
  | 'command';

/** How a severity was told. */
export type SeverityVia =
  | 'front-matter'
  | 'label'
  | 'table'
  | 'heading'
  | 'rule-fence'
  | 'prose'
  | 'inline'
  | 'name-suffix';

/** 1 is the worst; null for a word that nothing maps. */
export type SeverityNumber = 1 | 2 | 3 | 4 | null;

export interface AlertLink {
  readonly name: string;
  readonly via: AlertVia;
  /** 0 to 1: 1 is the author's own front matter, 0.4 a name that only a command mentions. */
  readonly confidence: number;
  /** Document line from 0; absent for a file name. */
  readonly line?: number;
  /** Where the declaration itself tells the alert's severity (a rule, a table row). */
  readonly severity?: CellSeverity;
}

export interface CellSeverity {
  /** The author's word, always kept. */
  readonly raw: string;
  readonly level: SeverityNumber;
  /** Name of the document's scale that maps it; null where the general words do, or nothing does. */
  readonly scale: string | null;
  readonly via: SeverityVia;
  readonly line?: number;
}

export interface SeverityLevel {
  readonly raw: string;
  readonly level: SeverityNumber;
  readonly label: string | null;
  /** Milliseconds; a business day counts as 24 hours. Null where no time is told. */
  readonly responseMs: number | null;
  readonly responseText: string | null;
  readonly escalation: string | null;
  readonly escalationMs: number | null;
  readonly definition: string | null;
  readonly examples: readonly string[];
  readonly line: number;
}

/** A severity scale that the document itself lays down; its levels in the document's order. */
export interface SeverityScale {
  readonly name: string;
  readonly line: number;
  readonly levels: readonly SeverityLevel[];
}

/** `> 5 % over 10 minutes`. */
export interface AlertThreshold {
  readonly raw: string;
  readonly comparison: '>' | '>=' | '<' | '<=' | null;
  readonly value: number | null;
  readonly unit: string | null;
  readonly windowMs: number | null;
  readonly line: number;
}

/** Two declarations of equal reach that name different alerts. */
export interface AlertConflict {
  readonly message: string;
  readonly names: readonly string[];
  readonly line?: number;
}

/** A level that the document's scale names as an example of, under the very words of the cell's heading. No declaration. */
export interface SeverityHint {
  readonly raw: string;
  readonly level: SeverityNumber;
  readonly scale: string;
  readonly line: number;
}

export interface CellAlerts {
  /** Surest first. */
  readonly alerts: readonly AlertLink[];
  readonly severity: CellSeverity | null;
  readonly hint?: SeverityHint;
}

export interface DocumentAlerts {
  /** Everything that the document declares, sections included. */
  readonly alerts: readonly AlertLink[];
  /** Of the document as a whole. */
  readonly severity: CellSeverity | null;
  readonly scales: readonly SeverityScale[];
  readonly thresholds: readonly AlertThreshold[];
  readonly conflicts: readonly AlertConflict[];
  /** One for each cell of the document, Markdown too, in its order. */
  readonly cells: readonly CellAlerts[];
}
