declare module '*.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: esbuild's text loader exports its file so
  export default text;
}
