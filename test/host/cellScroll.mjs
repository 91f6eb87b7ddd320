// Owns how a list of cells is scrolled: it draws only the cells in view, and a turn of the wheel moves it by one
// step whatever the turn's size is.

/** What a turn moves. */
export const stepPx = 50;

/** By how much more a turn moves with Alt held. */
export const fastScroll = 10;

export const scrollSettings = {
  'workbench.list.fastScrollSensitivity': fastScroll,
  'editor.fastScrollSensitivity': fastScroll,
};

/**
 * How far the list has to be moved until a cell is in view, 0 when it is. Of a tall cell the top counts.
 * @param {number} index
 * @param {{ y: number, height: number, cells: { index: number, y: number, height: number }[] }} list
 */
export function wayTo(index, list) {
  if (list.cells.length === 0) return 0;
  const room = 50;
  const cell = list.cells.find((one) => one.index === index);
  if (!cell) {
    const drawn = list.cells.reduce((sum, one) => sum + one.height, 0) / list.cells.length;
    const nearest = list.cells.reduce((best, one) =>
      Math.abs(one.index - index) < Math.abs(best.index - index) ? one : best,
    );
    const way = Math.round((index - nearest.index) * drawn * 0.8) + nearest.y - list.y;
    // One that begins far above may end far below: what comes after it is there.
    const end = nearest.y + nearest.height - list.y - list.height;
    return index > nearest.index ? Math.max(way, end, stepPx) : way;
  }
  const bottom = list.y + list.height;
  if (cell.y < list.y) return Math.floor(cell.y - list.y - room);
  if (cell.height > list.height - 2 * room)
    return cell.y > list.y + 2 * room ? Math.ceil(cell.y - list.y - room) : 0;
  return cell.y + cell.height > bottom ? Math.ceil(cell.y + cell.height - bottom + room) : 0;
}
