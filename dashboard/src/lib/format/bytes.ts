const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size in its largest unit of 1,024, cut to one decimal: "512 bytes", "3.4 MB". */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const shown = unit === 0 || size >= 100 ? Math.floor(size) : Math.floor(size * 10) / 10;
  return `${shown} ${units[unit]}`;
}
