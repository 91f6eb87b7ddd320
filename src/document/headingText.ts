// A heading's title as plain text: what an outline or a breadcrumb shows.

/** `source` is the heading's inline Markdown. Links give their text, code its content, emphasis goes. */
export function headingText(source: string): string {
  let text = source.replace(/\s*\{#[^}\s]*\}\s*$/, '');
  if (!/[`*_[<\\&~]/.test(text)) return text.trim();
  const code: string[] = [];
  text = text.replace(/(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs, (_all, _ticks: string, content: string) => {
    code.push(content.replace(/^ (.*\S.*) $/s, '$1'));
    return `\u0001${code.length - 1}\u0002`;
  });
  const escaped: string[] = [];
  text = text
    .replace(/\\([!-/:-@[-`{-~])/g, (_all, mark: string) => {
      escaped.push(mark);
      return `\u0003${escaped.length - 1}\u0002`;
    })
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<\/?[A-Za-z][^<>]*>/g, '')
    .replace(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/\*(?=\S)([^*]+?)(?<=\S)\*/g, '$1')
    .replace(/(?<![\w])_(?=\S)([^_]+?)(?<=\S)_(?![\w])/g, '$1')
    .replace(/&(amp|lt|gt|quot);/g, (_all, name: 'amp' | 'lt' | 'gt' | 'quot') => entities[name]);
  return text
    .replace(/\u0001(\d+)\u0002/g, (_all, index: string) => code[Number(index)] ?? '')
    .replace(/\u0003(\d+)\u0002/g, (_all, index: string) => escaped[Number(index)] ?? '')
    .trim();
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };
